// What a reader does with the lesson page, in headless Chromium: steps, digits, predictions, the wrong order, exports;
// that it asks for nothing, that it is accessible, narrow and dark, and that it reads without script.
import assert from "node:assert/strict";
import {readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {absolute, add, decimal, isAtMost, multiply, negate} from "./decimal.mjs";
import {axeSource, launch, lesson, nabla, open, trace} from "./program.mjs";

const softplus = ["log(1+exp(x*y))", "--at", "x=1.5,y=-2", "--digits", "7,16,34"];
const fan = ["(x+x)*sin(x)+(x+x)", "--at", "x=0.75", "--digits", "7,20"];
const shots = process.env.NABLA_PAGE_SHOTS;
let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

test("every adjoint is the sum of what arrived, in exact decimal arithmetic", () => {
  let checked = 0;
  for (const args of [softplus, fan, ["x^3*y/(x-y)+tanh(x)*sqrt(y)", "--at", "x=2/3,y=5/7", "--digits", "10,40"],
                      ["relu(x)*exp(-x*x)-atan2(x,y)", "--at", "x=1e-9,y=1e8", "--digits", "16,50"]]) {
    const t = trace(...args);
    for (const digits of t.digits) {
      const of = texts => decimal(texts[digits], digits);
      for (const s of t.steps.filter(s => s.dir === "backward")) {
        const [before, adjoint, local, result] = [s.before, t.nodes[s.node].adjoint, s.local, s.after].map(of);
        const error = absolute(add(result, negate(add(before, multiply(adjoint, local)))));
        // Each text is within one unit of its last digit; a product moves by each factor's unit times the other.
        const bound = add(before.unit, result.unit, multiply(absolute(adjoint), local.unit),
                          multiply(absolute(local), adjoint.unit), multiply(adjoint.unit, local.unit));
        assert(isAtMost(error, bound), `${t.source}, ${digits} digits, step ${s.k}: ${JSON.stringify(s)}`);
        ++checked;
      }
    }
  }
  assert(checked > 60);
});

test("the adjoints of the inputs are what `nabla grad` prints", () => {
  const t = trace(...softplus);
  const gradient = nabla("grad", softplus[0], "--at", "x=1.5,y=-2", "--digits", "34");
  for (const node of t.nodes.filter(n => n.op === "variable"))
    assert(gradient.includes(node.adjoint[34]), `${node.name}: ${node.adjoint[34]} in\n${gradient}`);
});

test("a page of fifty nodes is small, and the same input gives the same bytes", () => {
  const long = Array.from({length: 10}, (_, k) => `sin(x*${k + 2})*y`).join("+");
  const args = [long, "--at", "x=0.3,y=1.7"];
  const [a, b] = [lesson(...args), lesson(...args)];
  const t = trace(...args);
  assert(t.nodes.length >= 50);
  assert.deepEqual(t.digits, [7, 16, 34, 50, 100]);
  assert(statSync(a.path).size <= 150_000, `${statSync(a.path).size} bytes`);
  assert.deepEqual(readFileSync(a.path), readFileSync(b.path));
});

test("steps by buttons, slider, keys and deep link", async () => {
  const {url} = lesson(...softplus), t = trace(...softplus);
  const {page, asked} = await open(browser, url, {}, "#step=3&digits=34");
  const where = () => page.textContent("#where"), total = t.steps.length;
  assert.equal(await where(), `step 3 of ${total}`);
  assert.equal(await page.textContent("#precision"), "34 digits");
  await page.click("#next");
  assert.equal(await where(), `step 4 of ${total}`);
  await page.keyboard.press("ArrowLeft");
  assert.equal(await where(), `step 3 of ${total}`);
  await page.keyboard.press("End");
  assert.equal(await where(), `step ${total} of ${total}`);
  await page.keyboard.press("Home");
  assert.equal(await where(), `step 0 of ${total}`);
  await page.locator("#step").fill("5");
  assert.equal(await where(), `step 5 of ${total}`);
  assert.match(page.url(), /#step=5&digits=34$/);
  await page.evaluate(() => { location.hash = "#step=2&digits=7"; });
  await page.waitForFunction(() => document.getElementById("where").textContent.startsWith("step 2 "));
  await page.locator("#digits").fill("1");
  assert.equal(await page.textContent("#precision"), "16 digits");
  await page.click("#last");
  for (const node of t.nodes.filter(n => n.op === "variable")) {
    const row = page.locator("#trace tbody tr", {has: page.locator(`th:text-is("${node.name}")`)});
    assert.equal(await row.locator(".adjoint").textContent(), node.adjoint[16]);
  }
  assert.deepEqual(asked, []);
});

test("before its step a number is not shown; a partial sum says which part it is", async () => {
  const {page} = await open(browser, lesson(...fan).url, {}, "#step=0");
  const steps = trace(...fan).steps;
  const first = steps.findIndex(s => s.dir === "backward" && s.parts > 1 && s.part === 1) + 1;
  const adjoints = () => page.locator("#graph .adjoint").evaluateAll(all =>
    all.filter(e => getComputedStyle(e).visibility === "visible").map(e => e.textContent).filter(Boolean));
  assert.deepEqual(await adjoints(), []);
  await page.locator("#step").fill(String(first));
  assert((await adjoints()).some(a => a.includes(`1 of ${steps[first - 1].parts}`)), String(await adjoints()));
  await page.click("#last");
  assert(!(await adjoints()).some(a => / of /.test(a)));
});

test("predict: hint first, answer second", async () => {
  const {page} = await open(browser, lesson(...softplus).url, {}, "#step=0");
  const steps = trace(...softplus).steps;
  await page.check("#predict");
  await page.click("#next");
  const answer = steps[0].after[7];
  assert(!(await page.textContent("#formula")).includes(answer), "the number is hidden");
  await page.fill("#answer", "17");
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("#said"), /Not yet/);
  await page.click("#hint");
  assert.notEqual(await page.textContent("#said"), "Not yet.");
  await page.fill("#answer", answer);
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("#what"), /right/);
  await page.click("#next");
  await page.click("#show");
  assert((await page.textContent("#line-numbers")).includes(steps[1].after[7]));
});

test("the wrong order counts twice what is sent twice", async () => {
  // The classic: a = x + x, b = a + a. Sent on too early, the first part goes on with the second.
  const {page} = await open(browser, lesson("(x+x)*(x+x)", "--at", "x=1").url);
  await page.check("#wrong");
  const cells = await page.locator("#wrong-results tr td").allTextContents();
  assert.match(cells[0], /\(wrong\)/);
  assert.equal(Number(cells[1]), 8);
  assert((await page.locator("#wrong-steps li").count()) > 4);
});

test("forward mode: a sweep for each input, tangents that begin anew with each, predictions", async () => {
  const args = ["x*sin(y)+x", "--at", "x=1.5,y=-2", "--mode", "forward"];
  const t = trace(...args), {page, asked} = await open(browser, lesson(...args).url, {}, "#step=0");
  const tangents = () => page.locator("#graph .adjoint").evaluateAll(all =>
    all.filter(e => getComputedStyle(e).visibility === "visible").map(e => e.textContent).filter(Boolean));
  assert.deepEqual(await tangents(), []);
  const seeds = t.steps.filter(s => s.dir === "seed").map(s => s.k + 1);
  assert.equal(seeds.length, 2);
  for (const k of seeds) {
    await page.locator("#step").fill(String(k));
    assert.deepEqual(await tangents(), ["tan 1"]);
  }
  for (const s of t.steps.filter(s => s.local)) {
    await page.locator("#step").fill(String(s.k + 1));
    assert((await page.textContent("#line-numbers")).endsWith("= " + s.after[7]), `step ${s.k}`);
  }
  await page.locator("#step").fill(String(seeds[0] + 1));
  await page.check("#predict");
  await page.fill("#answer", t.steps[seeds[0]].after[7]);
  await page.keyboard.press("Enter");
  assert.match(await page.textContent("#what"), /right/);
  assert(!(await page.locator("#wrong-label").isVisible()));
  assert.deepEqual(asked, []);
});

test("beyond two hundred nodes scopes are the steps, with a notice", async () => {
  let chain = "x";
  for (let k = 0; k < 150; ++k) chain = `sin(${chain})*y`;
  const args = [chain, "--at", "x=0.3,y=1.1"], {path, url} = lesson(...args);
  assert(statSync(path).size <= 150_000);
  const {page, asked} = await open(browser, url);
  assert.match(await page.textContent("#notice"), /300 operations are shown as \d+ scopes/);
  assert((await page.locator("#graph .node").count()) <= 60);
  const all = trace(...args);
  const row = page.locator("#trace tbody tr", {has: page.locator('th:text-is("x")')});
  assert.equal(await row.locator(".adjoint").textContent(), all.nodes.find(n => n.name === "x").adjoint[7]);
  assert.deepEqual(asked, []);
});

test("hovering or focusing marks an object in every pane", async () => {
  const {page} = await open(browser, lesson(...softplus).url);
  await page.locator("#trace tbody tr").nth(2).focus();
  const node = await page.locator("#trace tbody tr").nth(2).getAttribute("data-node");
  assert.match(await page.locator(`#graph .node[data-node="${node}"]`).getAttribute("class"), /linked/);
  assert.equal(await page.locator("#source .linked").textContent(), "*", "v1 is the product");
  await page.locator("#source [data-node]", {hasText: /^exp$/}).hover();
  assert.match(await page.locator("#trace tr.linked td").first().textContent(), /e/);
  assert.match(await page.locator("#graph .node.linked .name").textContent(), /^v2 = exp/);
  await page.locator("#graph .node").first().hover();
  const other = await page.locator("#graph .node").first().getAttribute("data-node");
  assert.match(await page.locator(`#trace tr[data-node="${other}"]`).getAttribute("class"), /linked/);
});

test("the lines of a recorded program are linked with what they compute", async () => {
  // As explain(recording) writes it: nodes with file and line, and the lines themselves.
  const t = trace(...softplus);
  t.sources = [{file: "/home/somebody/loss.cpp", first_line: 3, lines: ["const T p = x * y;", "return log(1 + exp(p));  // < 80"]}];
  for (const n of t.nodes) {
    delete n.line; delete n.column; delete n.file;
    if (n.formula) Object.assign(n, {file: t.sources[0].file, line: n.op === "mul" ? 3 : 4, column: 1});
  }
  const saved = join(tmpdir(), `nabla-recorded-${process.pid}.json`);
  writeFileSync(saved, JSON.stringify(t));
  const {page, asked} = await open(browser, lesson("--trace", saved).url);
  rmSync(saved);
  assert.match(await page.textContent("#source"), /loss\.cpp\s+3\s+const T p = x \* y;\s+4\s+return log/);
  await page.locator("#source [data-nodes]").nth(1).hover();
  assert.deepEqual(await page.locator("#trace tr.linked th").allTextContents(), ["v2", "v3", "v4"]);
  await page.mouse.move(0, 0);  // focus scrolls, and the mouse would leave what it stands on
  await page.locator("#trace tbody tr", {has: page.locator('th:text-is("v1")')}).focus();
  assert.deepEqual(await page.locator("#source .linked").allTextContents(), ["const T p = x * y;"]);
  assert.deepEqual(asked, []);
});

test("everything works by the keyboard alone", async () => {
  const {page} = await open(browser, lesson(...softplus).url, {}, "#step=0");
  const seen = new Set();
  for (let k = 0; k < 60; ++k) {
    await page.keyboard.press("Tab");
    const id = await page.evaluate(() => document.activeElement.id || document.activeElement.dataset.save || "");
    if (id === "next" && !seen.has(id)) {
      await page.keyboard.press("Enter");
      assert.match(await page.textContent("#where"), /^step 1 /);
    }
    seen.add(id);
  }
  for (const id of ["first", "back", "step", "next", "last", "digits", "predict", "wrong", "svg", "png", "csv", "latex", "cpp"])
    assert(seen.has(id), `${id} is reached by Tab`);
});

test("the picture and the trace can be taken along", async () => {
  const {page, asked} = await open(browser, lesson(...softplus).url, {acceptDownloads: true});
  const starts = {svg: "<svg", png: "\u0089PNG", csv: "name,is,value,adjoint", latex: "", cpp: ""};
  for (const [kind, start] of Object.entries(starts)) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-save=${kind}]`)]);
    const content = readFileSync(await download.path(), "latin1");
    assert(content.startsWith(start), `${kind} begins with ${content.slice(0, 20)}`);
    assert(content.length > 100, kind);
    if (kind === "latex") assert.match(content, /\\begin\{align/);
    if (kind === "cpp") assert.match(content, /double f\(/);
  }
  assert.deepEqual(asked, []);
});

test("a computation with tensors has C++ too, entry by entry", async () => {
  const {page} = await open(browser, lesson("softmax_cross_entropy(z,[0,1,0])", "--at", "z=[1,2,1/2]").url, {acceptDownloads: true});
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-save=cpp]")]);
  assert.match(readFileSync(await download.path(), "utf8"), /double f\(const std::array<double, 3>& x1\)/);
});

for (const colorScheme of ["light", "dark"])
  for (const width of [320, 1280])
    test(`accessible and not wider than the window: ${colorScheme}, ${width} px`, async () => {
      const {page, asked} = await open(browser, lesson(...softplus).url, {colorScheme, viewport: {width, height: 900}});
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `the page is ${wide} px wide`);
      await page.evaluate(axeSource);
      const {violations} = await page.evaluate(() => axe.run());
      const serious = violations.filter(v => ["serious", "critical"].includes(v.impact));
      assert.deepEqual(serious.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(" ")}`), []);
      if (shots) await page.screenshot({path: join(shots, `lesson-${colorScheme}-${width}.png`), fullPage: true});
      assert.deepEqual(asked, []);
    });

test("every page of the gallery opens, is small and accessible", async () => {
  const text = readFileSync(new URL("../../docs/gallery.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```lesson (\w+)\nnabla explain '([^']*)' (.*)\n```$/gm)];
  assert(blocks.length >= 10);
  for (const [, name, expression, options] of blocks) {
    const {path, url} = lesson(expression, ...options.split(" "));
    assert(statSync(path).size <= 150_000, name);
    const {page, asked} = await open(browser, url);
    assert.match(await page.textContent("#where"), /^step (\d+) of \1$/);
    await page.evaluate(axeSource);
    const {violations} = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.filter(v => ["serious", "critical"].includes(v.impact)).map(v => v.id), [], name);
    assert.deepEqual(asked, [], name);
    await page.context().close();
  }
});

test("reduced motion is respected", async () => {
  const {page} = await open(browser, lesson(...softplus).url, {reducedMotion: "reduce"});
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("#graph rect")).transitionDuration), "0s");
});

test("without script there is the table, the picture and the list of steps", async () => {
  const {page} = await open(browser, lesson(...softplus).url, {javaScriptEnabled: false});
  assert(await page.locator("#trace").isVisible());
  assert(await page.locator("#graph").isVisible());
  assert(!(await page.locator("#controls").isVisible()));
  await page.click("#all-steps summary");
  assert.equal(await page.locator("#all-steps li").count(), trace(...softplus).steps.length);
});
