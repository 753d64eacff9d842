#include <nabla/app/lesson/lesson.hpp>

namespace nabla::app {

const char* const lesson_style = R"css(
:root{color-scheme:light dark;--ink:#1b1d22;--soft:#5a6069;--paper:#fff;--panel:#f5f6f8;--line:#8b919b;--go:#0b57a4;--back:#9a3412;--mark:#fff3bf;--grey:#6a7079}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaee;--soft:#a9b0ba;--paper:#15171b;--panel:#1e2126;--line:#7b828c;--go:#8cc2ff;--back:#ffb38a;--mark:#4d4416;--grey:#969da7}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:0 14px 40px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:.9em 0 .1em;overflow-wrap:anywhere}h2{font-size:1rem;margin:0 0 .4em}header p{margin:0 0 .8em;color:var(--soft)}
main{display:grid;gap:14px;grid-template-columns:minmax(0,1fr)}
@media (min-width:900px){main{grid-template-columns:repeat(2,minmax(0,1fr));grid-auto-flow:dense}#controls,#source,#picture,#mistake,#results,#take{grid-column:1/-1}#formula,#checks{grid-column:1;align-self:start}#values{grid-column:2;grid-row:span 2}}
section{background:var(--panel);border-radius:8px;padding:12px 14px;min-width:0}
[hidden]{display:none!important}
#controls{position:sticky;top:0;z-index:1;border-bottom:1px solid var(--line)}
.strip{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;margin:.2em 0}
#step{flex:1 1 160px;min-width:90px}
button,input[type=text],#answer{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:3px 10px;min-height:34px;max-width:100%}
button:hover{border-color:var(--go)}
:focus-visible{outline:3px solid var(--go);outline-offset:2px}
.scroll{overflow-x:auto}
pre{margin:0;font:1.05rem/1.6 ui-monospace,monospace}pre .now{font-weight:700;text-decoration:underline;text-underline-offset:4px}
#graph{max-width:none;height:auto;font:12px system-ui,sans-serif}
#graph text{text-anchor:middle;fill:var(--ink)}
#graph rect{fill:var(--paper);stroke:var(--line);stroke-width:1.2}
#graph .input rect{stroke-dasharray:5 3}#graph .constant rect{stroke:none;fill:none}
#graph .name{font-weight:600}#graph .adjoint,#graph .local{fill:var(--back)}#graph .value{fill:var(--go)}
#graph .edge path{fill:none;stroke:var(--line);stroke-width:1.3}#graph marker path{fill:var(--line)}
#graph .local{font-size:11px;paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
.how{max-width:75ch}code{white-space:nowrap}dd code,h1 code,td code{white-space:normal}.legend{margin:.6em 0 0;font-size:.9rem;color:var(--soft)}.key{margin-right:1.2em}.key.value{color:var(--go)}.key.adjoint{color:var(--back)}
#source .number,#source .file{color:var(--soft)}#source .scroll{max-height:45vh;overflow:auto}#values .scroll{max-height:75vh;overflow:auto}
dl.results{grid-template-columns:max-content minmax(0,1fr)}.results dd{overflow-wrap:anywhere;white-space:normal}
#graph .now rect{stroke:var(--ink);stroke-width:3}#graph .edge.now path{stroke:var(--back);stroke-width:3}
#graph .pending .adjoint,#graph .unknown .value,#graph .unknown .adjoint,#graph .edge.unknown .local{visibility:hidden}
#graph .linked rect,tr.linked,pre .linked{fill:var(--mark);background:var(--mark)}
dl{display:grid;grid-template-columns:5em minmax(0,1fr);gap:4px 10px;margin:.3em 0}dt{color:var(--soft)}dd{margin:0;overflow-x:auto;min-height:1.7em}
#what{margin:.2em 0;font-weight:600}
.digits{font-variant-numeric:tabular-nums;white-space:nowrap}.digits .off{color:var(--grey);text-decoration:underline dotted}
table{border-collapse:collapse;width:100%;font-size:.93rem}caption{text-align:left;color:var(--soft);padding-bottom:4px}
th,td{text-align:left;padding:4px 8px;border-top:1px solid var(--line);vertical-align:top}
td.value{color:var(--go)}td.adjoint{color:var(--back)}td{font-variant-numeric:tabular-nums}
tr.now th::before{content:"> "}
.two{display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(230px,1fr))}.two ol{max-height:260px;overflow:auto;margin:0;padding-left:2.2em}
#differences{width:100%;max-width:460px;font:11px system-ui,sans-serif}#differences text{fill:var(--ink)}#differences .tick{text-anchor:middle;fill:var(--soft)}
#differences .axis{fill:none;stroke:var(--line)}#differences .curve path{fill:none;stroke-width:1.8;stroke:var(--go)}#differences .curve circle{fill:var(--go)}
#differences .c1 path{stroke:var(--back);stroke-dasharray:6 3}#differences .c1 circle{fill:var(--back)}#differences .c2 path{stroke:var(--ink);stroke-dasharray:2 3}#differences .c2 circle{fill:var(--ink)}#differences .c3 path{stroke-dasharray:9 2 2 2}#differences .c4 path{stroke:var(--back);stroke-width:2.6}#differences .c4 circle{fill:var(--back)}
.warning{border-left:4px solid var(--back);padding-left:10px}
@media (max-width:479px){#step{flex-basis:100%;order:-1}}
@media (prefers-reduced-motion:no-preference){#graph rect,#graph path{transition:stroke-width .15s}}
@media print{#controls,#take{display:none}}
)css";

}  // namespace nabla::app
