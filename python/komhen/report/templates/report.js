// Sums the counts that a filter leaves, and puts the figures where they stand. Whole numbers until they are shown;
// one rounding, half up, as the core does. Without this script the page shows everything, unfiltered.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  if (!data.exact) return;
  const { facts, figures, pictures, words } = data;
  facts.counts = JSON.parse(document.getElementById("counts").textContent);
  const danish = data.lang === "da";
  const NOTHING = "–";
  const chosen = { municipality: "", task: "" };
  let sums = new Map();

  // --- sums -----------------------------------------------------------------------------------------------------

  const row = () => new Float64Array(facts.cells);
  function place(scope) {
    let found = sums.get(scope);
    if (!found) sums.set(scope, (found = row()));
    return found;
  }
  const takes = (task) => {
    const at = facts.kl35[task] === 1;
    if (chosen.task === "") return true;
    if (chosen.task === "35") return at;
    if (chosen.task === "other") return !at;
    return facts.tasks[task] === chosen.task;
  };
  function add() {
    sums = new Map();
    facts.counts.forEach((tasks, m) => {
      const code = facts.municipalities[m];
      if (chosen.municipality !== "" && String(code) !== chosen.municipality) return;
      for (const [task, counts] of tasks) {
        if (!takes(task)) continue;
        const into = [place("all"), place("m" + code), place("t" + facts.tasks[task])];
        if (facts.kl35[task]) into.push(place("35"), place("M" + code));
        for (let i = 0; i < counts.length; i += 2) for (const sum of into) sum[counts[i]] += counts[i + 1];
      }
    });
  }
  function total(scope, at) {
    const found = sums.get(scope);
    return found ? facts.sums[at].reduce((sum, cell) => sum + found[cell], 0) : 0;
  }

  // Whether a municipality of the choice counted in the week of a sum, on whatever task: what it did not count is no zero.
  function counted(at) {
    const cells = new Set(facts.sums[at]);
    return facts.counts.some((tasks, m) => {
      if (chosen.municipality !== "" && String(facts.municipalities[m]) !== chosen.municipality) return false;
      return tasks.some(([, counts]) => counts.some((cell, i) => i % 2 === 0 && cells.has(cell) && counts[i + 1] > 0));
    });
  }

  // --- exact arithmetic ---------------------------------------------------------------------------------------------

  // numerator / denominator in units of 10^-decimals; halves away from zero.
  function settled(numerator, denominator, decimals) {
    const minus = numerator < 0n;
    const double = 2n * (minus ? -numerator : numerator) * 10n ** BigInt(decimals);
    const out = (double + denominator) / (2n * denominator);
    return minus ? -out : out;
  }
  const plus = (a, b) => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
  function money(scope, at) {
    let amount = [0n, 1n], priced = 0, unpriced = 0;
    const found = sums.get(scope);
    if (found)
      for (const cell of facts.sums[at]) {
        const price = facts.prices[cell];
        if (!price) unpriced += found[cell];
        else {
          priced += found[cell];
          const part = BigInt(found[cell]) * BigInt(price[0]);
          const of = BigInt(price[1]);
          amount = amount[1] === of ? [amount[0] + part, of] : plus(amount, [part, of]);
        }
      }
    return { amount, priced, unpriced };
  }

  // --- figures: the integers that each rests on -----------------------------------------------------------------------

  // Gives {kind, value} with what text() and exact() need.
  function figure(at) {
    const [kind, scope, at_sums, ...more] = figures[at];
    if (kind === "x") {
      const [test, bound] = more;
      let value = 0;
      facts.tasks.forEach((task, i) => {
        if (!facts.kl35[i]) return;
        const [part, whole] = at_sums.map((sum) => total("t" + task, sum));
        if (!whole) return;
        const least = BigInt(part) * 100n >= BigInt(bound) * BigInt(whole);
        if (test === "any" || least === (test === "least")) value += 1;
      });
      return { kind: "n", value };
    }
    if (kind === "y") {
      const counted = facts.municipalities.filter((code) => total("m" + code, at_sums[0]) > 0);
      return { kind: "n", value: counted.length };
    }
    const [where, what] = scope.split(":");
    if (kind === "k" || kind === "q" || what) {
      const of = money(where, at_sums[0]);
      if (what === "priced") return { kind: "n", value: of.priced };
      if (what === "unpriced") return { kind: "n", value: of.unpriced };
      if (kind === "q") {
        const whole = money(where, at_sums[1]).amount;
        const none = !of.priced || whole[0] === 0n;
        return { kind: "p", share: none ? null : [of.amount[0] * whole[1], of.amount[1] * whole[0]] };
      }
      if (!of.priced) return { kind: "k", amount: null, decimals: more[0] };
      const by = what === "each" ? BigInt(of.priced) : 1n;
      return { kind: "k", amount: [of.amount[0], of.amount[1] * by], decimals: more[0] };
    }
    const found = at_sums.map((sum) => total(scope, sum));
    if (kind === "w") return { kind: "n", value: found[0] || counted(at_sums[0]) ? found[0] : null };
    if (kind === "n") return { kind, value: found[0] };
    const [a, b, c, d] = found.map(BigInt);
    if (kind === "p") return { kind, share: b ? [a, b] : null };
    if (kind === "g") {
      const goal = BigInt(more[0]);
      return b ? { kind, met: a * 100n >= goal * b, points: [goal * b - 100n * a, b] } : { kind, points: null };
    }
    return { kind: "c", points: b && d ? [100n * (c * b - a * d), b * d] : null };
  }

  function whole(number) {
    const digits = String(number < 0 ? -number : number).replace(/\B(?=(\d{3})+$)/g, danish ? "." : ",");
    return (number < 0 ? "−" : "") + digits;
  }
  const per_cent = (share) => (share ? whole(settled(share[0], share[1], 2)) + (danish ? " %" : "%") : NOTHING);
  function text(found) {
    switch (found.kind) {
      case "n": return found.value === null ? NOTHING : whole(found.value);
      case "p": return per_cent(found.share);
      case "g": {
        if (!found.points) return NOTHING;
        const points = settled(...found.points, 0);
        return found.met ? words.goal_met : points ? String(points) : words.under_one;
      }
      case "c": {
        if (!found.points) return NOTHING;
        const points = settled(...found.points, 0);
        return points === 0n ? "0" : (points > 0n ? "+" : "−") + (points < 0n ? -points : points);
      }
      default: {
        if (!found.amount) return NOTHING;
        const units = settled(...found.amount, found.decimals);
        if (!found.decimals) return whole(units);
        const places = 10n ** BigInt(found.decimals);
        return whole(units / places) + (danish ? "," : ".") + String(units % places).padStart(found.decimals, "0");
      }
    }
  }
  // For a spreadsheet: digits alone, six decimals for shares and points, two for kroner; empty where there is none.
  function exact(found) {
    if (found.kind === "n") return found.value === null ? "" : String(found.value);
    const [of, decimals] = found.kind === "k" ? [found.amount, 2] : [found.kind === "p" ? found.share : found.points, 6];
    if (!of) return "";
    const units = settled(of[0], of[1], decimals);
    const size = units < 0n ? -units : units, places = 10n ** BigInt(decimals);
    const digits = `${size / places}${danish ? "," : "."}${String(size % places).padStart(decimals, "0")}`;
    return (units < 0n ? "-" : "") + digits;
  }

  // --- pictures: as komhen/report/pictures.py draws them ----------------------------------------------------------------

  const escaped = (said) =>
    said.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#x27;");
  function hundredths(numerator, denominator) {
    if (!denominator) return "0%";
    const length = settled(numerator, denominator, 4);
    return `${length / 100n}.${String(length % 100n).padStart(2, "0")}%`;
  }
  const size = (found) => (found.kind === "n" ? (found.value ?? 0) : found.share ? Number(found.share[0]) / Number(found.share[1]) : 0);
  const exists = (found) => text(found) !== NOTHING;
  const format = (said, ...values) => said.replace(/\{(\d)\}/g, (_, at) => values[at]);

  function bars(picture) {
    const { task, municipality } = chosen;
    const kl35 = new Set(facts.tasks.filter((_, i) => facts.kl35[i]));
    const left = picture.bars.filter(([, , , of, m]) => {
      if (m && municipality && m !== municipality) return false;
      if (!of || task === "" || task === "35") return true;
      return task === "other" ? !kl35.has(of) : of === task;
    });
    const shown = left.map(([label, at, before]) => ({ label, found: figure(at), before: before < 0 ? null : figure(before) }));
    const order = picture.ranked ? [...shown].sort((a, b) => key(a.found) - key(b.found)) : shown;
    const largest = Math.max(0, ...shown.map(({ found }) => (found.kind === "n" ? (found.value ?? 0) : 0)));
    if (!shown.some(({ found }) => exists(found))) return nothing(picture);
    const inside = order.map((bar) => {
      let svg = "", length;
      if (bar.found.kind === "n") length = hundredths(BigInt(bar.found.value ?? 0), BigInt(largest));
      else {
        svg = '<rect class="track" width="100%" height="14" y="2"/>';
        length = bar.found.share ? hundredths(...bar.found.share) : "0%";
      }
      if (exists(bar.found)) svg += `<rect class="bar" width="${length}" height="14" y="2"/>`;
      if (bar.before && bar.before.share) svg += `<circle class="earlier" cx="${hundredths(...bar.before.share)}" cy="9" r="5"/>`;
      if (picture.goal !== null) svg += `<line class="goal" x1="${picture.goal}%" x2="${picture.goal}%" y1="0" y2="18"/>`;
      return (
        `<div class="one"><span class="label">${escaped(bar.label)}</span>` +
        `<svg width="100%" height="18" aria-hidden="true">${svg}</svg>` +
        `<span class="value">${escaped(text(bar.found))}</span></div>`
      );
    });
    return [inside.join(""), alt_of_bars(picture, shown)];
  }
  const key = (found) => (exists(found) ? -size(found) : 1);
  function alt_of_bars(picture, shown) {
    const some = shown.filter(({ found }) => exists(found)).sort((a, b) => -size(a.found) + size(b.found));
    if (!some.length) return format(words.alt_none, picture.title);
    if (some.length === 1) return format(words.alt_one, picture.title, some[0].label, text(some[0].found));
    const most = some[0], least = some[some.length - 1];
    return format(words.alt_bars, picture.title, most.label, text(most.found), least.label, text(least.found), some.length);
  }

  const nothing = (picture) => [`<p class="note">${escaped(words.nothing_counted)}</p>`, format(words.alt_none, picture.title)];

  function stacks(picture) {
    const said = [`${picture.title}.`];
    const inside = picture.stacks.map(([label, ats]) => {
      const parts = ats.map(figure);
      const sizes = parts.map((part) => (part.share ? size(part) : -1));
      const most = Math.max(-1, ...sizes);
      if (most >= 0) {
        const at = sizes.indexOf(most);
        said.push(format(words.alt_stack, label, picture.labels[at], text(parts[at])));
      }
      let done = 0n, svg = "";
      parts.forEach((part, i) => {
        if (!part.share || !part.share[0]) return;
        const [of, all] = part.share, mark = picture.marks[i];
        svg += `<rect class="m-${mark}" x="${hundredths(done, all)}" width="${hundredths(of, all)}" height="26"/>`;
        if (of * 100n >= 7n * all)
          svg += `<text class="on-${mark}" x="${hundredths(2n * done + of, 2n * all)}" y="18" text-anchor="middle">${escaped(text(part))}</text>`;
        done += of;
      });
      return (
        `<div class="stack"><span class="label">${escaped(label)}</span>` +
        `<svg class="cut" width="100%" height="26" aria-hidden="true">${svg}</svg></div>`
      );
    });
    return said.length > 1 ? [inside.join(""), said.join(" ")] : nothing(picture);
  }

  // --- the page -------------------------------------------------------------------------------------------------------

  const form = document.getElementById("filters");
  const selects = { municipality: document.getElementById("municipality"), task: document.getElementById("task") };
  const limited = document.getElementById("limited");
  const links = [...document.querySelectorAll("a[data-table]")];
  links.forEach((link) => (link.dataset.all = link.getAttribute("href")));

  const printed = [...document.querySelectorAll("td.printed")];
  for (const td of printed) [td.dataset.text, td.dataset.all] = [td.textContent, td.dataset.v];

  function show() {
    // First what says that a filter is on: whatever comes after it, nobody takes a part for the whole.
    const some = Object.values(selects).filter((select) => select.value !== "");
    limited.hidden = document.getElementById("clear").hidden = !some.length;
    limited.textContent = some.length
      ? `${words.filtered}: ${some.map((select) => select.selectedOptions[0].textContent).join(" · ")}`
      : "";
    add();
    for (const element of document.querySelectorAll("[data-c]")) element.textContent = text(figure(Number(element.dataset.c)));
    for (const element of document.querySelectorAll("[data-w]")) {
      const { share } = figure(Number(element.dataset.w));
      element.setAttribute("width", share ? hundredths(...share) : "0%");
    }
    // What a source printed is of the whole round, and no part of it is compared with that.
    for (const td of printed) {
      td.textContent = !some.length ? td.dataset.text : "";
      td.dataset.v = !some.length ? td.dataset.all : "";
    }
    for (const tr of document.querySelectorAll("tr[data-t]"))
      tr.hidden = !["", "35", tr.dataset.t].includes(chosen.task);
    for (const tr of document.querySelectorAll("tr[data-m]"))
      tr.hidden = !["", tr.dataset.m].includes(chosen.municipality);
    // A file says in its name what it is limited to.
    const limits = some.map((select) => "-" + select.value).join("");
    for (const link of links) {
      link.href = some.length ? csv(link.dataset.table) : link.dataset.all;
      link.download = `${link.dataset.table}${limits}.csv`;
    }
    for (const element of document.querySelectorAll("[data-p]")) {
      const picture = pictures[Number(element.dataset.p)];
      const [inside, said] = picture.kind === "bars" ? bars(picture) : stacks(picture);
      element.innerHTML = inside;
      element.setAttribute("aria-label", said);
    }
  }

  function csv(id) {
    const guarded = (said) => {
      const safe = /^ *[=+\-@\t\r]/.test(said) ? "'" + said : said;
      return /[;"\r\n]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
    };
    const rows = [...document.querySelectorAll(`#t-${CSS.escape(id)} tr:not([hidden])`)];
    const lines = rows.map((tr) =>
      [...tr.cells].map((td) => (td.dataset.c ? exact(figure(Number(td.dataset.c))) : (td.dataset.v ?? guarded(td.textContent)))).join(";"),
    );
    return "data:text/csv;charset=utf-8," + encodeURIComponent("\ufeff" + lines.map((line) => line + "\r\n").join(""));
  }

  function choose() {
    for (const name of Object.keys(selects)) chosen[name] = selects[name].value;
    show();
  }
  for (const select of Object.values(selects)) select.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(choose));
  form.hidden = false;
  if (selects.municipality.value || selects.task.value) choose(); // kept by the browser when the page is loaded again

  // Printed, every table is open.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
})();
