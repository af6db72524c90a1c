// Opens a report in headless Chromium and prints, as JSON, what a person, a screen reader and a printer would meet.
// Usage: node look.cjs FILE NODE_MODULES CHROMIUM
const fs = require("fs");
const path = require("path");

const [file, modules, executablePath] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");
const url = `file://${path.resolve(file)}`;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SETTINGS = {
  light: { viewport: { width: 1360, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1360, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light" },
};

async function opened(browser, options, heard) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => heard.console.push(message.text()));
  page.on("pageerror", (error) => heard.console.push(error.message));
  page.on("request", (request) => request.url() === url || heard.requests.push(request.url()));
  await page.goto(url);
  return page;
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
const shown = (page) => page.evaluate(() => [...document.querySelectorAll(".findings tbody tr")].filter((row) => row.offsetParent !== null || !row.closest("details").open && !row.hidden && !row.closest("details").hidden).length);

async function violations(page) {
  await unfold(page);
  await page.evaluate(axe);
  const result = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  return result.violations.map((each) => ({ rule: each.id, nodes: each.nodes.slice(0, 3).map((node) => node.html) }));
}

// the text's colour against what lies behind it, for every kind of text that axe calls undecided: WCAG 2.2 §1.4.3
function lowContrasts() {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = (color) => { const [r, g, b] = numbers(color); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if ((numbers(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const low = new Set();
  for (const element of document.querySelectorAll("body *:not(script, style, title, desc)")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(element.closest("svg") ? style.fill : style.color), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) low.add(`${element.tagName}.${element.className.baseVal ?? element.className} ${ratio.toFixed(2)}`);
  }
  return [...low];
}

async function filtered(page) {
  const all = await shown(page);
  await page.fill("#filter-text", "no-such-word-anywhere");
  await page.waitForFunction(() => document.getElementById("filter-count").textContent.startsWith("0 of"));
  const none = await shown(page);
  await page.click("#filter button[type=reset]");
  await page.waitForFunction((count) => document.getElementById("filter-count").textContent.startsWith(count), all.toLocaleString("en"));
  await page.uncheck("#filter [value=fail]");
  await page.waitForTimeout(300);
  const open = await page.evaluate(() => [...document.querySelectorAll(".findings tbody tr:not([hidden])")].map((row) => row.dataset.state));
  await page.click("#filter button[type=reset]");
  await page.waitForTimeout(300);
  return { all, none, states: [...new Set(open)], again: await shown(page) };
}

async function keyboard(page) {
  await page.evaluate(() => document.body.focus());
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press("Enter");
  const main = await page.evaluate(() => document.activeElement.id);
  await page.click("#fold");
  await page.focus("details.group > summary");
  await page.keyboard.press("Enter");
  const unfolded = await page.evaluate(() => document.querySelector("details.group").open);
  await page.click("#fold");
  await page.evaluate(() => { location.hash = document.querySelector("details.group:last-of-type tbody tr").id; });
  await page.waitForTimeout(200);
  const revealed = await page.evaluate(() => { const row = document.querySelector(":target"); return row.closest("details").open && row.getBoundingClientRect().top < innerHeight; });
  return { first, main, unfolded, revealed };
}

(async () => {
  // without the network flags Chromium looks up its maker's hosts at every start
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const browser = await chromium.launch({ executablePath, args });
  const heard = { console: [], requests: [] };
  const seen = { violations: {}, contrast: {}, overflow: {} };
  for (const [name, options] of Object.entries(SETTINGS)) {
    const page = await opened(browser, options, heard);
    if (name === "light" && (await page.$("#filter"))) {
      seen.keyboard = await keyboard(page);
      seen.filter = await filtered(page);
    }
    seen.violations[name] = await violations(page);
    seen.contrast[name] = await page.evaluate(lowContrasts);
    seen.overflow[name] = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.context().close();
  }
  const plain = await opened(browser, { ...SETTINGS.light, javaScriptEnabled: false }, heard);
  seen.withoutScript = { filter: await plain.locator("#filter").isVisible().catch(() => false), text: (await plain.locator("main").innerText()).length };
  await plain.emulateMedia({ media: "print" });
  // folded parts are printed, too, even where no script can unfold them
  seen.printed = await plain.locator("details > *:not(summary)").evaluateAll((parts) => parts.filter((part) => part.getBoundingClientRect().height === 0).length);
  await browser.close();
  console.log(JSON.stringify({ ...seen, ...heard }));
})();
