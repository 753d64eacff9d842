#include <nabla/proofs/report/html_style.hpp>

namespace nabla {

std::string_view html_style() {
  return R"(
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --text: #1c1d21; --soft: #55585f; --line: #d9d9d3; --link: #1a4fb4; --code: #f1f1ec;
  --proved: #17663a; --supported: #0b5f73; --refuted: #a3161f; --ill-posed: #80307c; --undecided: #7a4b00; --outside: #55585f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15171a; --card: #1d2024; --text: #e6e6e3; --soft: #a9adb5; --line: #3a3f46; --link: #8db4ff; --code: #262a2f;
    --proved: #6fd09a; --supported: #6cc9df; --refuted: #ff9a96; --ill-posed: #e3a0df; --undecided: #f0bd62; --outside: #a9adb5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 56rem; background: var(--page); color: var(--text);
  font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, "DejaVu Serif", serif;
  overflow-wrap: break-word;
}
h1, h2, h3, h4, h5, h6, .ui, summary, header, .summary, dt, .verdict {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
}
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 2rem 0 0.6rem; text-wrap: balance; }
h1 { font-size: 1.8rem; margin-top: 0.5rem; }
h2 { font-size: 1.4rem; }
h3 { font-size: 1.2rem; }
h4, h5, h6 { font-size: 1.05rem; }
p, ul, ol, blockquote { margin: 0 0 1rem; }
ul, ol { padding-left: 1.5rem; }
li > ul, li > ol { margin: 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
blockquote { border-left: 3px solid var(--line); padding-left: 1rem; color: var(--soft); }
hr { border: 0; border-top: 1px solid var(--line); margin: 2rem 0; }
code, pre, .tex { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
code, .tex { background: var(--code); border-radius: 3px; padding: 0.1em 0.3em; }
pre { background: var(--code); border-radius: 6px; padding: 0.75rem 0.9rem; overflow-x: auto; line-height: 1.45; margin: 0 0 1rem; }
pre code { background: none; padding: 0; font-size: 1em; }
.wide { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; font-size: 0.95em; }
th, td { border-bottom: 1px solid var(--line); padding: 0.35rem 0.7rem 0.35rem 0; text-align: left; vertical-align: top; }
th.right, td.right, td.count { text-align: right; }
th.center, td.center { text-align: center; }
.soft { color: var(--soft); }
.lead { font-size: 1.05rem; }
.counts td.count { font-variant-numeric: tabular-nums; font-weight: 600; padding-right: 1.2rem; }
.counts th[scope=row] { white-space: nowrap; font-weight: 600; }
.document { margin-top: 3rem; border-top: 3px double var(--line); padding-top: 1.5rem; }
.errata li { margin-bottom: 0.7rem; }
.errata .reason { display: block; color: var(--soft); font-size: 0.95em; }

.claim {
  background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--accent); border-radius: 8px;
  margin: 0 0 1.4rem; padding: 0.8rem 1rem; scroll-margin-top: 1rem;
}
.claim:target { box-shadow: 0 0 0 3px var(--link); }
.proved { --accent: var(--proved); } .supported { --accent: var(--supported); } .refuted { --accent: var(--refuted); }
.ill-posed { --accent: var(--ill-posed); } .undecided { --accent: var(--undecided); } .outside, .unchecked { --accent: var(--outside); }
.claim header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.3rem 0.8rem; margin-bottom: 0.6rem; font-size: 0.9rem; }
.verdict, .part { color: var(--accent); font-weight: 700; white-space: nowrap; }
.verdict .sign {
  display: inline-block; min-width: 1.35em; text-align: center; border: 1.5px solid currentColor; border-radius: 999px;
  line-height: 1.25; margin-right: 0.25em;
}
.claim header .id { color: var(--soft); overflow-wrap: anywhere; font-size: 0.85rem; }
.claim header .id code { background: none; padding: 0; }
.unexpected { display: inline-block; color: var(--text); border: 1.5px solid currentColor; border-radius: 4px; padding: 0 0.4em; font-weight: 600; }
.part { font-size: 0.8rem; margin-left: 0.6rem; display: inline-block; font-family: system-ui, -apple-system, "Segoe UI", sans-serif; }
dl.formula, dl.evidence { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.25rem 0.8rem; margin: 0; }
dl dt { color: var(--soft); font-size: 0.82rem; line-height: 2; }
dl dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dl.formula dd { overflow-x: auto; overflow-y: hidden; padding: 0.1rem 0; }
dl.formula .math { line-height: 1.75; }
math { font-size: 1.06em; font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", "STIXGeneral", "Libertinus Math", math, serif; }
mtable.cases mtd { text-align: left; }
dl.evidence { margin-top: 0.8rem; padding-top: 0.7rem; border-top: 1px dashed var(--line); font-size: 0.95rem; }
dl.evidence ul { margin: 0; padding-left: 1.1rem; }
details { margin-top: 0.7rem; font-size: 0.9rem; }
summary { cursor: pointer; color: var(--soft); font-size: 0.85rem; padding: 0.2rem 0; }
details pre { margin: 0.5rem 0 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; font-size: 0.9rem; color: var(--soft); }

@media (min-width: 60rem) {
  body { max-width: 72rem; padding-inline: 2rem; }
  .prose, .front > :not(.wide) { max-width: 46rem; }
  .claim { display: grid; grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); column-gap: 1.8rem; }
  .claim > header, .claim > details { grid-column: 1 / -1; }
  .claim > .only { grid-column: 1 / -1; }
  dl.evidence { margin-top: 0; padding: 0 0 0 1.4rem; border-top: 0; border-left: 1px dashed var(--line); align-content: start; }
}
@media (max-width: 34rem) {
  body { padding: 1rem 0.75rem 3rem; font-size: 1rem; }
  h1 { font-size: 1.45rem; } h2 { font-size: 1.25rem; }
  .claim { padding: 0.7rem 0.75rem; }
  dl.formula, dl.evidence { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dl dt { line-height: 1.4; margin-top: 0.45rem; }
  ul, ol { padding-left: 1.2rem; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --link: #000; --code: #f4f4f4;
    --proved: #17663a; --supported: #0b5f73; --refuted: #a3161f; --ill-posed: #80307c; --undecided: #7a4b00; --outside: #444;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .claim, pre, tr { break-inside: avoid; }
  h1, h2, h3, h4 { break-after: avoid; }
  details:not([open]) { display: none; }
  a { text-decoration: none; }
  pre { white-space: pre-wrap; }
}
)";
}

}  // namespace nabla
