#pragma once

/// Everything an engineer needs to build expressions and query derivatives in double. Kinds of number with heavy
/// libraries behind them have headers of their own: <nabla/engine/numbers/real.hpp>, ball.hpp, rational.hpp.

#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/record/active.hpp>
#include <nabla/engine/record/custom.hpp>
#include <nabla/engine/record/expr.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>
