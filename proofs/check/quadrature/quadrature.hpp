#pragma once

#include <map>
#include <memory>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/rerun.hpp>
#include <tuple>

/// Rigorous values of integrals without a primitive function.
namespace nabla::quadrature {

/// How much is done for one value. Everything is counted in cells.
struct Effort {
  long bits = 96;
  std::size_t order = 10;  ///< of expansions; even
  std::size_t most_cells = 96;
  double error = 0;  ///< that is good enough
};
/// Rising precisions.
inline constexpr Effort quick{.bits = 96, .order = 8, .most_cells = 24, .error = 1e-7};
inline constexpr Effort plain{.bits = 96, .order = 10, .most_cells = 160, .error = 1e-17};
inline constexpr Effort careful{.bits = 192, .order = 20, .most_cells = 320, .error = 1e-36};
inline constexpr Effort digits_of_fifty{.bits = 288, .order = 30, .most_cells = 400, .error = 1e-58};

/// The radius of a ball, rounded up.
double radius(const Ball& x);

/// Whether a choice takes one branch all over the place of a run; true of every other operator.
bool takes_one_branch(const Run<Interval>& run, NodeId id);

/// An integral, and what of its density is needed to enclose it.
class Density;

/// The integrals of a problem, enclosed where the other variables lie in balls.
///
/// The range is cut into cells, the worst first. On a cell on which every operator is smooth the density is its
/// expansion at the middle with a remainder that its highest coefficient over the cell bounds; elsewhere (kinks, jumps,
/// an end at which a derivative is infinite) it is what intervals say of it. A quotient whose sides both vanish at an
/// end is enclosed by that of their first coefficients that do not. The integral of an integral has coefficients that
/// are integrals of derivatives.
/// That the density has a value everywhere inside is not said; its values, where it has them, are enclosed.
class Quadrature {
 public:
  /// \param integrals  may be more than those of the problem; a density reads values of those before it
  Quadrature(const Problem& problem, std::vector<ParametricIntegral> integrals, const Budget& budget);
  ~Quadrature();

  /// Entries of each given of the problem (those of what integrals stand for are not read).
  using At = std::vector<Entries<Ball>>;
  /// Finite where it is enclosed.
  Ball enclose(std::size_t integral, const At& at, const Effort& effort);
  /// The values of scalar expressions of givens and integrals. \pre their workspace is the problem's
  std::vector<Ball> values(std::span<const Expr> expressions, const At& at, const Effort& effort);

  /// Adds an integral; its number. The same again where its value is known.
  std::size_t add(const ParametricIntegral& integral);
  const std::vector<ParametricIntegral>& integrals() const { return integrals_; }
  /// Whether every operator of the density is smooth for all values of the variables in the balls.
  bool is_smooth(std::size_t integral, const At& at);

 private:
  struct Cell;
  struct Answer {
    Ball value;
    bool smooth = false;  ///< on every cell
  };
  Answer work(std::size_t integral, const At& at, const Effort& effort, int depth);
  void measure(Cell& cell, Density& density, const At& at, const Effort& effort, int depth);
  std::vector<Interval> quotients_at_end(Density& density, const At& outer, const std::vector<Ball>& inner,
                                         const Cell& cell, const Effort& effort);
  Density& density(std::size_t integral);
  std::size_t derivative(std::size_t integral, const Expr& by, std::size_t order);

  const Problem& problem_;
  std::vector<ParametricIntegral> integrals_;
  std::vector<std::unique_ptr<Density>> densities_;
  std::map<std::tuple<std::size_t, std::uint64_t, std::size_t>, std::size_t> derivatives_;
  const Budget& budget_;
};

}  // namespace nabla::quadrature
