// The program under test, the browser, and a page opened from disk without network.
import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const need = name => process.env[name] || (() => { throw new Error(`the environment has no ${name}`); })();
const tools = createRequire(join(need("NABLA_PAGE_TOOLS"), "package.json"));
export const axeSource = readFileSync(tools.resolve("axe-core/axe.min.js"), "utf8");

export const nabla = (...args) => execFileSync(need("NABLA_PROGRAM"), args, {encoding: "utf8"});
export const trace = (...args) => JSON.parse(nabla("explain", ...args, "--json"));

const folder = mkdtempSync(join(tmpdir(), "nabla-page-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));
let count = 0;
/** @returns {{path: string, url: string}} the lesson page that `nabla explain ARGS --html` writes */
export function lesson(...args) {
  const path = join(folder, `lesson${++count}.html`);
  nabla("explain", ...args, "--html", path);
  return {path, url: pathToFileURL(path).href};
}

export const launch = () => tools("playwright-core").chromium.launch({
  executablePath: need("NABLA_CHROMIUM"),
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],  // CI runs as root in a container
});

/** Opens the page offline; `asked` lists what it requested beside itself and what went wrong in its script. */
export async function open(browser, url, options = {}, hash = "") {
  const context = await browser.newContext({offline: true, viewport: {width: 1280, height: 900}, ...options});
  const page = await context.newPage(), asked = [];
  page.on("request", r => { if (r.url().split("#")[0] !== url && !/^(blob|data):/.test(r.url())) asked.push(r.url()); });
  page.on("pageerror", e => asked.push(String(e)));
  page.on("console", m => { if (m.type() === "error") asked.push(m.text()); });
  await page.goto(url + hash);
  return {page, asked};
}
