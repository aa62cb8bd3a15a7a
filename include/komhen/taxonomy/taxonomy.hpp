#pragma once

/// The whole taxonomy: tables and types only. Nothing here needs the library to be linked, Boost or date.
#include "komhen/taxonomy/attached_form.hpp"
#include "komhen/taxonomy/channel.hpp"
#include "komhen/taxonomy/closure.hpp"
#include "komhen/taxonomy/contact_type.hpp"
#include "komhen/taxonomy/direction.hpp"
#include "komhen/taxonomy/form_code.hpp"
#include "komhen/taxonomy/kle.hpp"
#include "komhen/taxonomy/municipality.hpp"
#include "komhen/taxonomy/task.hpp"
