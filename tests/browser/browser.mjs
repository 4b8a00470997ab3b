/** A browser without a past, which notes what it loads and what it complains about. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page that was not loaded from the network may not open a WebSocket to this machine otherwise. */
const LOCAL_NETWORK = "--disable-features=LocalNetworkAccessChecks";

export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), "promograph-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable(),
    headless: true,
    args: process.env.PROMOGRAPH_WEB_DIST ? [...FLAGS, LOCAL_NETWORK] : FLAGS,
    viewport: { width: 1440, height: 900 },
  });
  if (process.env.PROMOGRAPH_WEB_DIST) await context.route(isOfPages, async (route) => route.fulfill(await built(route)));
  const requests = [];
  const complaints = [];
  context.on("request", (request) => requests.push(request.url()));
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  return {
    context,
    requests,
    complaints,
    async stop() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

function executable() {
  if (process.env.PROMOGRAPH_CHROMIUM) return process.env.PROMOGRAPH_CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  throw new Error("no Chromium found: install one, or name it in PROMOGRAPH_CHROMIUM");
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf" };
const fileOf = (pathname) => ({ "/": "index.html", "/graphiql": "graphiql.html" })[pathname] ?? pathname.slice(1);
const isOfPages = ({ pathname }) => ["/", "/graphiql"].includes(pathname) || pathname.startsWith("/assets/");

/**
 * A file of the pages as `vite build` left it in PROMOGRAPH_WEB_DIST, so that a change of a page is tried without
 * compiling the server. With what the server adds to a page's head, but without its headers: the last word has a run
 * without this.
 */
async function built(route) {
  const path = join(process.env.PROMOGRAPH_WEB_DIST, fileOf(new URL(route.request().url()).pathname));
  const body = existsSync(path) ? readFileSync(path) : gunzipSync(readFileSync(`${path}.gz`));
  const contentType = TYPES[extname(path)] ?? "application/octet-stream";
  if (contentType !== "text/html") return { body, contentType };
  const served = await (await route.fetch()).text();
  const added = served.match(/<meta name="promograph-[^>]*>/g) ?? [];
  return { body: body.toString().replace("</head>", `${added.join("")}</head>`), contentType };
}
