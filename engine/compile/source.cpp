#include <fmt/format.h>

#include <map>
#include <nabla/engine/compile/function_texts.hpp>
#include <nabla/engine/compile/source.hpp>
#include <nabla/engine/compile/source_loops.hpp>
#include <nabla/engine/compile/source_places.hpp>
#include <nabla/engine/compile/source_products.hpp>
#include <nabla/engine/compile/vector_math_text.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/record/build.hpp>
#include <set>

namespace nabla {

namespace {

constexpr std::size_t most_instructions = 20'000;

class Source {
 public:
  /// \param inputs_apart  inputs are read and their adjoints added up where the caller has them
  Source(const Function& function, std::string_view name, bool inputs_apart)
      : function_(function),
        graph_(function.plan()->graph()),
        plan_(*function.plan()),
        name_(name),
        inputs_apart_(inputs_apart && in_order()),
        places_(function, plan_, name, inputs_apart_ ? function.input_count() : 0),
        functions_(name_) {
    if (plan_.instructions().size() > most_instructions)
      throw std::length_error(
          fmt::format("this function has {} different operations; C++ source is written for at most {}. "
                      "nabla::Compiled runs it",
                      plan_.instructions().size(), most_instructions));
    for (const VectorLoop& loop : plan_.loops())
      if (is_summed(loop)) skipped_.insert(loop.summed_by);
    output_ = plan_.place(function.plan()->outputs()[0]);
  }

  bool mixes_inputs() const { return places_.mixes_inputs(); }

  std::string text() {
    std::string value = body(false), gradient = body(true);
    std::string out = fmt::format(
        "// {} and its gradient, written by nabla. With -O3 -march=native loops become vector "
        "instructions.\n#pragma once\n\n",
        name_);
    std::set<std::string> includes = functions_.includes();
    for (const std::string_view header : {"algorithm", "cstddef", "cstdint", "vector"})
      includes.insert(fmt::format("#include <{}>", header));
    if (!function_.guards().empty()) includes.insert("#include <stdexcept>");
    for (const std::string& line : includes) out += line + "\n";
    out += "\n";
    const bool math = functions_.take_math();
    if (math) {
      std::string_view file = vector_math_text;
      while (file.starts_with('\n')) file.remove_prefix(1);
      out += std::string(file) + "\n" + math_of(name_) + "\n";
    }
    for (const std::string& f : functions_.texts()) out += f + "\n";
    for (const std::string& table : places_.tables()) out += table;
    if (!places_.tables().empty()) out += "\n";
    out += function(fmt::format("/// At x[0], ..., x[{}].", last_input()), "", "const double* __restrict x", "x", value,
                    math);
    out += "\n";
    out += function(fmt::format("/// The value, and into g[0], ..., g[{}] the derivatives by x.", last_input()),
                    "_gradient", "const double* __restrict x, double* __restrict g", "x, g", gradient, math);
    return out;
  }

 private:
  std::size_t last_input() const { return function_.input_count() - 1; }

  /// A function of the file; with `math` by vector functions, and again by the standard library where an angle is huge.
  std::string function(const std::string& comment, std::string_view suffix, std::string_view parameters,
                       std::string_view arguments, const std::string& body, bool math) const {
    if (!math) return fmt::format("{}\ninline double {}{}({}) {{\n{}}}\n", comment, name_, suffix, parameters, body);
    return fmt::format(
        "template <class Math>\ninline double {0}{1}_by(Math& math, {2}) {{\n{4}}}\n\n"
        "{5}\ninline double {0}{1}({2}) {{\n  {0}_lanes lanes;\n  const double y = {0}{1}_by(lanes, {3});\n"
        "  if (lanes.is_huge == 0) return y;\n  {0}_standard standard;\n  return {0}{1}_by(standard, {3});\n}}\n",
        name_, suffix, parameters, arguments, body, comment);
  }

  bool is_summed(const VectorLoop& loop) const {
    return loop.summed_by != VectorLoop::none &&
           plan_.instructions()[loop.summed_by].result == plan_.place(function_.plan()->outputs()[0]);
  }

  static bool runs_in_strips(const VectorLoop& loop) { return loop.count >= shortest_strips; }

  /// A loop with its body as expressions of what it reads.
  struct Body {
    std::vector<SourceOperand> operands;
    std::vector<std::size_t> leaving;  ///< instructions
    std::vector<Expr> results;
  };

  Body read(const VectorLoop& loop) {
    Body b;
    std::map<std::size_t, Expr> made;  // by place of the first entry
    for (const std::size_t k : loop.instructions) {
      const VectorInstruction& i = plan_.instructions()[k];
      std::vector<Ref> refs;
      for (const Access& a : i.operands) {
        if (a.kind == Access::Kind::contiguous)
          if (const auto at = made.find(a.base); at != made.end()) {
            refs.push_back(at->second.ref());
            continue;
          }
        if (a.is_constant && (a.kind == Access::Kind::broadcast || loop.count == 1)) {
          refs.push_back(Workspace::current()->graph().constant(places_.constant_at(a.base)));
          continue;
        }
        const auto same = std::ranges::find(b.operands, a, &SourceOperand::access);
        if (same != b.operands.end()) {
          refs.push_back(same->variable.ref());
          continue;
        }
        SourceOperand o = places_.operand(a, loop.count, "i");
        o.variable = variable("x" + std::to_string(b.operands.size() + 1));
        refs.push_back(o.variable.ref());
        b.operands.push_back(std::move(o));
      }
      const Expr e(Workspace::current(), build(*Workspace::current(), i.code, refs, i.attributes));
      made.emplace(i.result, e);
      if (!i.is_local) {
        b.leaving.push_back(k);
        b.results.push_back(e);
      }
    }
    return b;
  }

  /// Calls the function with these outputs in a loop; `more` are arguments after the operands.
  std::string call(const VectorLoop& loop, std::span<const Expr> outputs, const Body& b,
                   std::vector<Expr> parameters = {}, std::vector<std::string> more = {}) {
    parameters.insert(parameters.begin(), b.operands.size(), Expr());
    more.insert(more.begin(), b.operands.size(), "");
    for (std::size_t k = 0; k < b.operands.size(); ++k) {
      parameters[k] = b.operands[k].variable;
      more[k] = b.operands[k].text;
    }
    const FunctionTexts::Function f = functions_.add(outputs, parameters, runs_in_strips(loop));
    std::string arguments = f.takes_math ? "math" : "";
    for (const std::size_t k : f.used) arguments += (arguments.empty() ? "" : ", ") + more[k];
    return fmt::format("{}({})", f.name, arguments);
  }

  std::string forward(const VectorLoop& loop) {
    const auto workspace = std::make_shared<Workspace>();
    const WorkspaceScope scope(workspace);
    const Body b = read(loop);
    const std::string f = call(loop, b.results, b);
    if (is_summed(loop)) {
      const std::string sum = runs_in_strips(loop) ? in_strips(loop.count, f, {"total +="})
                                                   : repeated(loop.count, fmt::format("  total += {};\n", f));
      return start_of_sum(loop) + sum + end_of_sum(loop);
    }
    if (b.results.size() == 1)
      return repeated(loop.count, fmt::format("  v[{}] = {};\n", indexed(b.leaving[0], loop.count), f));
    std::string body = fmt::format("  const auto y = {};\n", f);
    for (std::size_t k = 0; k < b.leaving.size(); ++k)
      body += fmt::format("  v[{}] = y[{}];\n", indexed(b.leaving[k], loop.count), k);
    return repeated(loop.count, body);
  }

  /// What a loop sends back to what it reads; with its value first where it is summed.
  std::string backward(const VectorLoop& loop) {
    const auto workspace = std::make_shared<Workspace>();
    const WorkspaceScope scope(workspace);
    const Body b = read(loop);
    const bool summed = is_summed(loop);
    std::vector<Expr> seeds, parameters, wanted;
    std::vector<std::string> adjoints;
    for (std::size_t k = 0; k < b.leaving.size(); ++k) {
      seeds.push_back(summed ? Expr(1) : variable("t" + std::string(k == 0 ? "" : std::to_string(k + 1)) + "_in"));
      if (summed) continue;
      parameters.push_back(seeds.back());
      adjoints.push_back(fmt::format("a[{}]", indexed(b.leaving[k], loop.count)));
    }
    std::vector<const SourceOperand*> into;
    for (const SourceOperand& o : b.operands) {
      if (o.adjoint.empty()) continue;
      into.push_back(&o);
      wanted.push_back(o.variable);
    }
    if (into.empty()) return summed ? forward(loop) : "";
    std::vector<Expr> outputs = vjp(b.results, seeds, wanted);
    if (summed) outputs.insert(outputs.begin(), b.results[0]);
    const std::string f = call(loop, outputs, b, parameters, adjoints);
    if (runs_in_strips(loop)) {
      std::vector<std::string> sends;
      if (summed) sends.push_back("total +=");
      for (const SourceOperand* o : into) sends.push_back(o->adjoint + " +=");
      const std::string loops = in_strips(loop.count, f, sends);
      return summed ? start_of_sum(loop) + loops + end_of_sum(loop) : loops;
    }
    std::string body = fmt::format("  const auto d = {};\n", f);
    if (summed) body += "  total += d[0];\n";
    for (std::size_t k = 0; k < into.size(); ++k)
      body += fmt::format("  {} += {};\n", into[k]->adjoint,
                          outputs.size() == 1 ? "d" : fmt::format("d[{}]", k + (summed ? 1 : 0)));
    const std::string loops = repeated(loop.count, body);
    return summed ? start_of_sum(loop) + loops + end_of_sum(loop) : loops;
  }

  std::string indexed(std::size_t instruction, std::size_t count) const {
    return count == 1 ? std::to_string(places_.of_instruction(instruction))
                      : fmt::format("{} + i", places_.of_instruction(instruction));
  }

  std::string start_of_sum(const VectorLoop& loop) {
    return fmt::format("  double total = {};\n",
                       places_.operand(plan_.instructions()[loop.summed_by].operands[0], 1, "0").text);
  }
  std::string end_of_sum(const VectorLoop& loop) const {
    return fmt::format("  v[{}] = total;\n", places_.of_instruction(loop.summed_by));
  }

  std::string sum(const VectorInstruction& s, std::size_t k) {
    if (s.operands.size() == 3) return source_of_products(places_, s, places_.of_instruction(k));
    return fmt::format(
        "  for (std::size_t i = 0; i < {}; ++i) {{\n    double total = {};\n"
        "    for (std::size_t j = 0; j < {}; ++j) total += {};\n    v[{} + i] = total;\n  }}\n",
        s.count, places_.operand(s.operands[0], s.count, "i").text, s.terms,
        places_.operand(s.operands[1], s.count * s.terms, fmt::format("(i * {} + j)", s.terms)).text,
        places_.of_instruction(k));
  }
  std::string sum_back(const VectorInstruction& s, std::size_t k) {
    if (s.operands.size() == 3) return source_of_products_back(places_, s, places_.of_instruction(k));
    const std::string first = places_.operand(s.operands[0], s.count, "i").adjoint;
    const std::string each =
        places_.operand(s.operands[1], s.count * s.terms, fmt::format("(i * {} + j)", s.terms)).adjoint;
    std::string body;
    if (!first.empty()) body += fmt::format("    {} += a[{} + i];\n", first, places_.of_instruction(k));
    if (!each.empty())
      body += fmt::format("    for (std::size_t j = 0; j < {}; ++j) {} += a[{} + i];\n", s.terms, each,
                          places_.of_instruction(k));
    return body.empty() ? "" : fmt::format("  for (std::size_t i = 0; i < {}; ++i) {{\n{}  }}\n", s.count, body);
  }

  /// One condition for each guard, or for each row of guards that compare entries of two stretches alike.
  std::string guards() const {
    struct Side {
      std::string text;
      std::size_t at = SIZE_MAX;  // of a constant
      std::string_view array = {};
    };
    const auto side = [&](Ref r) -> Side {
      const std::size_t place = plan_.place(r);
      if (places_.is_constant(place)) return {places_.number(place)};
      return {value_at(place), places_.stored_at(place), places_.array(place).values};
    };
    std::string out;
    const std::span<const Guard> all = function_.guards();
    for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
      const Guard& g = all[begin];
      const Side left = side(g.left), right = side(g.right);
      const auto follows = [&](const Side& next, const Side& first, std::size_t step, std::size_t stride) {
        return first.at == SIZE_MAX ? next.text == first.text
                                    : next.at == first.at + step * stride && next.array == first.array;
      };
      // The stride (0 or 1) of each side is what the second guard of the row says.
      std::size_t left_stride = 0, right_stride = 0;
      for (end = begin + 1; end < all.size(); ++end) {
        const Guard& next = all[end];
        if (next.relation != g.relation || next.outcome != g.outcome || next.origin != g.origin) break;
        const Side l = side(next.left), r = side(next.right);
        if (end == begin + 1) {
          left_stride = left.at != SIZE_MAX && l.at == left.at + 1 ? 1 : 0;
          right_stride = right.at != SIZE_MAX && r.at == right.at + 1 ? 1 : 0;
        }
        if (!follows(l, left, end - begin, left_stride) || !follows(r, right, end - begin, right_stride)) break;
      }
      const auto text = [&](const Side& s, std::size_t stride) {
        return stride == 0 ? s.text : fmt::format("{}[{} + i]", s.array, s.at);
      };
      const char* const relation = g.relation == Guard::Relation::less         ? "<"
                                   : g.relation == Guard::Relation::less_equal ? "<="
                                                                               : "==";
      out += repeated(
          end - begin,
          fmt::format("  if ({}({} {} {}))\n    throw std::runtime_error(\"line {}: this comparison was {} when "
                      "the program was recorded\");\n",
                      g.outcome ? "!" : "", text(left, left_stride), relation, text(right, right_stride), g.origin.line,
                      g.outcome));
    }
    return out;
  }

  std::string body(bool with_gradient) {
    std::string work;
    const auto loops = plan_.loops();
    const auto only = [&](const VectorLoop& loop) { return loop.instructions[0]; };
    for (const VectorLoop& loop : loops) {
      const VectorInstruction& first = plan_.instructions()[only(loop)];
      if (first.terms > 0) {
        if (!skipped_.contains(only(loop))) work += sum(first, only(loop));
      } else {
        work += with_gradient && is_summed(loop) ? backward(loop) : forward(loop);
      }
    }
    // What follows from an angle that is huge is not compared.
    if (functions_.take_math() && !function_.guards().empty()) work += "  if (math.is_huge != 0) return 0;\n";
    work += guards();
    const bool output_is_constant = places_.is_constant(output_);
    const std::string result = output_is_constant ? places_.number(output_) : value_at(output_);
    std::string back;
    if (with_gradient) {
      bool summed = false;
      for (const VectorLoop& loop : loops) summed = summed || is_summed(loop);
      if (!summed && !output_is_constant)
        back += fmt::format("  {}[{}] = 1;\n", places_.array(output_).adjoints, places_.stored_at(output_));
      for (std::size_t l = loops.size(); l-- > 0;) {
        const VectorInstruction& first = plan_.instructions()[only(loops[l])];
        if (first.terms == 0) {
          if (!is_summed(loops[l])) back += backward(loops[l]);
        } else if (!skipped_.contains(only(loops[l]))) {
          back += sum_back(first, only(loops[l]));
        } else if (const std::string start = places_.operand(first.operands[0], 1, "0").adjoint; !start.empty()) {
          back += fmt::format("  {} += 1;\n", start);
        }
      }
      if (!in_order()) {
        for (std::size_t i = 0; i < function_.input_count(); ++i) {
          const Ref r = function_.inputs()[i];
          back += fmt::format("  g[{}] = {};\n", i, r.empty() ? "0" : fmt::format("a[{}]", plan_.place(r)));
        }
      } else if (!inputs_apart_) {
        back += fmt::format("  std::copy_n(a, {}, g);\n", function_.input_count());
      }
    }
    return memory(with_gradient) + work + back + "  return " + result + ";\n";
  }

  /// The arrays, with the inputs and the constants that are read from them.
  std::string memory(bool with_gradient) const {
    const std::size_t size = places_.size(), inputs = inputs_apart_ ? function_.input_count() : 0;
    std::string out;
    if (size > inputs)
      out += fmt::format(
          "  static thread_local std::vector<double> values({});\n"
          "  double* const __restrict v = values.data();\n",
          size);
    if (in_order()) {
      if (!inputs_apart_) out += fmt::format("  std::copy_n(x, {}, v);\n", function_.input_count());
    } else {
      for (std::size_t i = 0; i < function_.input_count(); ++i)
        if (const Ref r = function_.inputs()[i]; !r.empty())
          out += fmt::format("  v[{}] = x[{}];\n", plan_.place(r), i);
    }
    for (const auto& [place, at] : places_.constants())
      out += fmt::format("  v[{}] = {};\n", at, places_.number(place));
    if (!with_gradient) return out;
    if (inputs_apart_) out += fmt::format("  std::fill_n(g, {}, 0.0);\n", inputs);
    if (size > inputs)
      out += fmt::format(
          "  static thread_local std::vector<double> adjoints({0});\n"
          "  double* const __restrict a = adjoints.data();\n  std::fill(a + {1}, a + {0}, 0.0);\n",
          size, inputs);
    return out;
  }

  std::string value_at(std::size_t place) const {
    return fmt::format("{}[{}]", places_.array(place).values, places_.stored_at(place));
  }

  bool in_order() const {
    std::size_t next = 0;
    for (const Ref r : function_.inputs())
      if (r.empty() || plan_.place(r) != next++) return false;
    return true;
  }

  const Function& function_;
  const Graph& graph_;
  VectorPlan plan_;
  std::string name_;
  bool inputs_apart_ = false;
  SourcePlaces places_;
  std::set<std::size_t> skipped_;  // sums that are added up in the loop that makes their terms
  std::size_t output_ = 0;
  FunctionTexts functions_;
};

}  // namespace

std::string to_cpp_source(const Function& function, std::string_view name) {
  Source apart(function, name, true);
  std::string text = apart.text();
  return apart.mixes_inputs() ? Source(function, name, false).text() : text;
}

}  // namespace nabla
