// browser.mjs URL FOLDER: the to-do list at URL as people use it: with JavaScript,
// then without. Prints "ok NAME" or "not ok NAME: WHY" for each step; screenshots
// go to FOLDER. Started by cases.py, in a folder where playwright-core is installed.
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, folder] = process.argv.slice(2);
const PATIENCE = 15000;

const check = (ok, name, why = "") => console.log(ok ? `ok ${name}` : `not ok ${name}: ${why}`);

// What the page shows: titles, those that are done with a + before.
const shown = (page) => page.$$eval("#todos li", (items) =>
  items.map((li) => (li.classList.contains("done") ? "+" : "") + li.querySelector(".title").textContent));

async function expectList(page, name, want, footer) {
  const wanted = JSON.stringify(want);
  const end = Date.now() + PATIENCE;
  let got, below;
  do {
    try {
      got = JSON.stringify(await shown(page));
      below = await page.textContent("#todos p", { timeout: 1000 });
    } catch (e) { // the page is just being replaced
      got = e.message;
    }
    if (got === wanted && below === footer) return check(true, name);
    await new Promise((wake) => setTimeout(wake, 50));
  } while (Date.now() < end);
  check(false, name, `${got} ${below}, not ${wanted} ${footer}`);
}

async function visit(browser, mode, javaScriptEnabled) {
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 900, height: 640 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const trouble = [];
  let loads = 0;
  page.on("pageerror", (e) => trouble.push(e.message));
  page.on("console", (m) => m.type() === "error" && trouble.push(m.text()));
  page.on("response", (r) => r.status() >= 400 && trouble.push(`${r.status()} ${r.url()}`));
  page.on("request", (r) => { loads += r.isNavigationRequest() && r.redirectedFrom() === null; });
  const see = (what) => page.screenshot({ path: join(folder, `${mode}-${what}.png`) });
  const step = (name, ...rest) => expectList(page, `${mode}, ${name}`, ...rest);
  const item = (title) => page.locator("#todos li", { hasText: title });

  await page.goto(url);
  await step("starts empty", [], "Nothing to do. Enjoy the day!");
  await see("1-empty");
  const titles = ["Water the plants", "Read a book <b>slowly</b>", "Write to Zoë ☕"];
  for (const [i, title] of titles.entries()) {
    await page.fill("input[name=title]", title);
    await page.press("input[name=title]", "Enter");
    await step(`adds ${i + 1}`, titles.slice(0, i + 1), `${i + 1} of ${i + 1} left`);
  }
  check((await page.inputValue("input[name=title]")) === "", `${mode}, the field is empty again`);
  await see("2-three");
  await item(titles[1]).getByRole("button", { name: "mark as done" }).click();
  await step("toggles the second", [titles[0], "+" + titles[1], titles[2]], "2 of 3 left");
  await see("3-toggled");
  await item(titles[0]).getByRole("button", { name: "delete" }).click();
  await step("deletes the first", ["+" + titles[1], titles[2]], "1 of 2 left");
  check(javaScriptEnabled ? loads === 1 : loads === 6, `${mode}, pages are loaded as often as expected`, String(loads));
  await page.reload();
  await step("keeps the list after a reload", ["+" + titles[1], titles[2]], "1 of 2 left");
  await see("4-reloaded");
  await page.setViewportSize({ width: 360, height: 640 });
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${mode}, fits a narrow screen`);
  await see("5-narrow");
  check(trouble.length === 0, `${mode}, no errors in the console`, trouble.join(" | "));
  await context.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  await visit(browser, "htmx", true);
  await visit(browser, "plain", false);
} finally {
  await browser.close();
}
