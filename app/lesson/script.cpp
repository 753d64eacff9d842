#include <nabla/app/lesson/lesson.hpp>

namespace nabla::app {

const char* const lesson_script = R"js(
"use strict";
(() => {
const $ = id => document.getElementById(id), all = (q, e) => [...(e || document).querySelectorAll(q)];
const data = JSON.parse($("data").textContent), steps = data.steps, nodes = data.nodes, most = data.digits.length - 1;
let k = 0, d = 0, open = false;
const isForward = data.mode === "forward", sum = isForward ? "tan" : "adj";
// What the data leave out: a value is its node's, the last sum its node's adjoint, before a step stands what the one before left.
{
  const rules = all("#all-steps li");
  let left = new Map();
  steps.forEach((e, i) => {
    const m = rules[i].querySelector(".m");
    e.m = m ? m.innerHTML : "";
    e.r = m ? m.textContent : "";
    if (e.d === "f") { e.a = nodes[e.n].value; return; }
    if (e.d === "s") { left = new Map(); e.a = data.digits.map(() => "1"); }
    e.b = left.get(e.t) || data.digits.map(() => "0");
    if (isForward) e.f = left.get(e.o) || data.digits.map(() => "0");
    else if (e.d === "b") e.f = nodes[e.n].adjoint;
    e.a = e.a || nodes[e.t].adjoint;
    left.set(e.t, e.a);
  });
}
for (const id of ["controls", "formula", "take"]) $(id).hidden = false;
if (!data.wrong) $("wrong-label").hidden = true;
for (const b of all("[data-save]")) if (["latex", "cpp"].includes(b.dataset.save) && !data[b.dataset.save]) b.hidden = true;
const text = s => { const e = document.createElement("span"); e.textContent = s; return e.innerHTML; };
// The digits that agree with the most precise text are plain, the others grey and underlined.
const digitsOf = (text1, text2) => {
  const [mine, power] = text1.split("e"), best = text2.split("e");
  let same = 0;
  if (power === best[1]) while (same < mine.length && mine[same] === best[0][same]) ++same;
  return text(mine.slice(0, same)) + (same < mine.length ? '<span class="off">' + text(mine.slice(same)) + "</span>" : "") + (power === undefined ? "" : "e" + text(power));
};
const shown = list => {
  if (!list) return "";
  const entries = t => t.startsWith("[") ? t.slice(1, -1).split(", ") : [t], best = entries(list[most]);
  const made = entries(list[d]).map((t, i) => digitsOf(t, best[i] || t)).join(", ");
  return '<span class="digits">' + (list[d].startsWith("[") ? "[" + made + "]" : made) + "</span>";
};
// In the picture there is room for the fewest digits alone, and for the first numbers of a list.
const brief = list => {
  if (!list) return "";
  const t = list[0];
  return t.length <= 20 || !t.startsWith("[") ? t : t.slice(0, Math.max(t.lastIndexOf(",", 14), t.indexOf(","))) + ", ...]";
};
const plain = list => list ? list[d] : "", factor = s => s.startsWith("-") ? "(" + s + ")" : s;
const hiddenNow = () => $("predict").checked && !open && k > 0 && steps[k - 1].d !== "s";
// What is known after k steps: values, adjoints and how many parts of each have arrived.
const state = () => {
  const s = {value: new Set(), adjoint: new Map(), local: new Set()};
  nodes.forEach((n, i) => { if (n.op === "variable" || n.op === "constant") s.value.add(i); });
  steps.slice(0, k).forEach((e, i) => {
    if (hiddenNow() && i === k - 1) return;
    if (e.d === "f") s.value.add(e.n);
    if (e.d === "s" && isForward) { s.adjoint.clear(); s.local.clear(); }
    if (e.d === "s") s.adjoint.set(e.t, {text: e.a, p: [1, 1]});
    if (e.d === "b") { s.adjoint.set(e.t, {text: e.a, p: e.p}); s.local.add(e.n + ":" + e.s); }
  });
  return s;
};
const adjointText = a => !a ? "" : brief(a.text) + (a.p[1] > 1 && a.p[0] < a.p[1] ? ", " + a.p[0] + " of " + a.p[1] : "");
function draw() {
  const s = state(), e = k > 0 ? steps[k - 1] : null;
  $("step").value = k;
  $("where").textContent = "step " + k + " of " + steps.length;
  $("precision").textContent = data.digits[d] + " digits";
  for (const g of all("#graph .node")) {
    const i = +g.dataset.node, a = s.adjoint.get(i), v = g.querySelector(".value"), t = g.querySelector(".adjoint");
    g.classList.toggle("unknown", !s.value.has(i));
    g.classList.toggle("pending", !a);
    g.classList.toggle("now", !!e && (e.n === i || e.t === i || e.o === i));
    if (v) v.textContent = brief(nodes[i].value);
    if (t) t.textContent = a ? sum + " " + adjointText(a) : "";
  }
  for (const g of all("#graph .edge")) {
    const id = g.dataset.node + ":" + g.dataset.slot;
    g.classList.toggle("unknown", !s.local.has(id));
    g.classList.toggle("now", !!e && e.d === "b" && e.n + ":" + e.s === id);
    const step = steps.find(x => x.d === "b" && x.n + ":" + x.s === id);
    g.querySelector(".local").textContent = step && step.l ? brief(step.l) : "";
  }
  for (const r of all("#trace tbody tr")) {
    const i = +r.dataset.node, a = s.adjoint.get(i);
    r.classList.toggle("now", !!e && e.t === i);
    r.querySelector(".value").innerHTML = s.value.has(i) ? shown(nodes[i].value) : "";
    r.querySelector(".adjoint").innerHTML = a ? shown(a.text) + (a.p[0] < a.p[1] ? " (part " + a.p[0] + " of " + a.p[1] + ")" : "") : "";
  }
  for (const t of all("#source [data-node], #source [data-nodes]")) t.classList.toggle("now", !!e && [e.n, e.t].some(i => marks(t, i)));
  explain(e);
  history.replaceState(null, "", "#step=" + k + "&digits=" + data.digits[d]);
}
function marks(element, i) { return element.dataset.node ? +element.dataset.node === i : element.dataset.nodes.split(" ").includes(String(i)); }
const product = e => plain(e.b) + " + " + (isForward ? factor(plain(e.l)) + " · " + factor(plain(e.f)) : factor(plain(e.f)) + " · " + factor(plain(e.l)));
function explain(e) {
  const name = i => text(nodes[i].name), hide = hiddenNow();
  let what = "Press the arrow: first the values are computed, then " + (isForward ? "the tangents follow, once for each input." : "the adjoints come back."), rule = "", here = "", numbers = "";
  if (e && e.d === "f") {
    what = name(e.n) + " is computed and kept";
    rule = "value = " + text(nodes[e.n].op) + "(operands)";
    here = name(e.n) + " = " + e.m;
    numbers = (d === 0 ? text(nodes[e.n].numbers) + " = " : "") + (hide ? "?" : shown(e.a));
  } else if (e && e.d === "s") {
    what = isForward ? "The seed: a sweep for " + name(e.t) + " begins, which changes by 1 per unit of itself" : "The seed: f changes by 1 per unit of itself";
    rule = isForward ? "tan v = dv/d" + name(e.t) : "adj f = df/df";
    here = sum + " " + name(e.t) + " = 1";
    numbers = "1";
  } else if (e && isForward) {
    const [t, o] = [name(e.t), name(e.o)];
    what = t + " takes over the tangent of " + o + (e.p[1] > 1 ? ": part " + e.p[0] + " of " + e.p[1] + ", and parts add up" : "");
    rule = "tan " + t + " += ∂" + t + "/∂" + o + " · tan " + o;
    here = "tan " + t + " += " + e.m + " · tan " + o;
    numbers = text(product(e)) + " = " + (hide ? "?" : shown(e.a));
  } else if (e) {
    const [n, t] = [name(e.n), name(e.t)];
    what = n + " sends its adjoint to " + t + (e.p[1] > 1 ? ": part " + e.p[0] + " of " + e.p[1] + ", and parts add up" : "");
    rule = e.l ? "adj " + t + " += adj " + n + " · ∂" + n + "/∂" + t : "adj " + t + " += (∂" + n + "/∂" + t + ")ᵀ adj " + n;
    here = e.l ? "adj " + t + " += adj " + n + " · " + e.m : "adj " + t + " += " + e.m;
    numbers = (e.l ? text(product(e)) + " = " : "") + (hide ? "?" : shown(e.a));
  }
  $("what").innerHTML = what;
  $("line-rule").innerHTML = rule;
  $("line-here").innerHTML = here;
  $("line-numbers").innerHTML = hide && e.d === "b" ? "what does the rule give?" : numbers;
  $("guess").hidden = !hide;
  if (hide) { $("answer").value = ""; $("said").textContent = ""; }
}
function go(to) { k = Math.max(0, Math.min(steps.length, to)); open = false; draw(); follow(); }
// The node that the step is about comes into sight.
function follow() {
  if (k === 0) return;
  const box = $("graph").closest(".scroll"), rect = document.querySelector('#graph .node[data-node="' + steps[k - 1].t + '"] rect');
  box.scrollLeft = +rect.getAttribute("x") + rect.getAttribute("width") / 2 - box.clientWidth / 2;
}
function read() {
  const p = new URLSearchParams(location.hash.slice(1)), at = data.digits.indexOf(+p.get("digits"));
  if (p.has("step")) k = Math.max(0, Math.min(steps.length, +p.get("step") || 0));
  if (at >= 0) { d = at; $("digits").value = d; }
}
$("first").onclick = () => go(0); $("last").onclick = () => go(steps.length);
$("back").onclick = () => go(k - 1); $("next").onclick = () => go(k + 1);
$("step").oninput = e => go(+e.target.value);
$("digits").oninput = e => { d = +e.target.value; draw(); };
$("predict").onchange = () => { open = false; draw(); };
addEventListener("hashchange", () => { read(); draw(); follow(); });
addEventListener("keydown", e => {
  if (e.altKey || e.ctrlKey || e.metaKey || /^(INPUT|TEXTAREA)$/.test(e.target.tagName)) return;
  const to = {ArrowRight: k + 1, ArrowLeft: k - 1, Home: 0, End: steps.length}[e.key];
  if (to !== undefined && !e.target.closest(".scroll:focus")) { e.preventDefault(); go(to); }
});
$("guess").onsubmit = e => {
  e.preventDefault();
  const mine = Number($("answer").value.replace(",", ".")), right = Number(steps[k - 1].a[0]);
  if (!$("answer").value.trim() || Number.isNaN(mine)) { $("said").textContent = "A number, please."; return; }
  if (Math.abs(mine - right) <= 5e-3 * Math.abs(right) + 1e-12) { open = true; draw(); $("what").textContent += ": right."; }
  else $("said").textContent = "Not yet.";
};
$("hint").onclick = () => {
  const e = steps[k - 1];
  $("said").textContent = e.d === "f" ? nodes[e.n].numbers : e.l ? product(e) : e.r;
};
$("show").onclick = () => { open = true; draw(); };
// Hovering or focusing an object marks it wherever it stands.
const link = (e, on) => {
  const of = e.target.closest && e.target.closest("[data-node], [data-nodes]");
  all(".linked").forEach(x => x.classList.remove("linked"));
  if (!on || !of) return;
  const ids = of.dataset.node ? [+of.dataset.node] : of.dataset.nodes.split(" ").map(Number);
  all("[data-node], [data-nodes]").forEach(x => { if (!x.matches(".edge") && ids.some(i => marks(x, i))) x.classList.add("linked"); });
};
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  addEventListener(on, e => link(e, true));
  addEventListener(off, e => link(e, false));
}
$("wrong").onchange = () => {
  const on = $("wrong").checked;
  $("mistake").hidden = !on;
  if (!on) return;
  $("wrong-steps").innerHTML = data.wrong.steps.map(([n, t, sum, after]) => "<li>" + text(nodes[n].name + " sends to " + nodes[t].name + ": " + sum + " = " + after) + "</li>").join("");
  $("wrong-results").innerHTML = data.wrong.results.map(([name, wrong]) => {
    const right = plain(nodes.find(n => n.op === "variable" && n.name === name).adjoint), same = Number(right) === Number(wrong);
    return "<tr><th scope=row>" + text(name) + "</th><td>" + text(wrong) + (same ? " (the same)" : " (wrong)") + "</td><td>" + text(right) + "</td></tr>";
  }).join("");
};
const save = (name, blob) => {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob); a.download = name; a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 1000);
};
const picture = () => {
  const copy = $("graph").cloneNode(true), from = all("*", $("graph")), to = all("*", copy);
  from.forEach((e, i) => {
    const s = getComputedStyle(e);
    to[i].setAttribute("style", ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "text-anchor", "visibility"].map(p => p + ":" + s.getPropertyValue(p)).join(";"));
  });
  return new XMLSerializer().serializeToString(copy);
};
const savers = {
  svg: () => save("graph.svg", new Blob([picture()], {type: "image/svg+xml"})),
  png: () => {
    const image = new Image(), box = $("graph").viewBox.baseVal;
    image.onload = () => {
      const c = document.createElement("canvas");
      c.width = 2 * box.width; c.height = 2 * box.height;
      const g = c.getContext("2d");
      g.fillStyle = getComputedStyle(document.body).backgroundColor;
      g.fillRect(0, 0, c.width, c.height);
      g.drawImage(image, 0, 0, c.width, c.height);
      c.toBlob(b => save("graph.png", b));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture());
  },
  csv: () => save("trace.csv", new Blob([["name,is,value,adjoint"].concat(nodes.filter(n => n.op !== "constant").map(n =>
    [n.name, n.formula || "", plain(n.value), plain(n.adjoint)].map(x => '"' + String(x).replaceAll('"', '""') + '"').join(","))).join("\r\n") + "\r\n"], {type: "text/csv"})),
  latex: () => save("trace.tex", new Blob([data.latex], {type: "text/plain"})),
  cpp: () => save("f.hpp", new Blob([data.cpp], {type: "text/plain"}))
};
for (const b of all("[data-save]")) b.onclick = savers[b.dataset.save];
read();
if (!location.hash) k = steps.length;
draw();
follow();
})();
)js";

}  // namespace nabla::app
