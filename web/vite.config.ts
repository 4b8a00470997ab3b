import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** The server sends these files as they are, so they are compressed once, here, and only the compressed form is kept. */
function compressed(): Plugin {
  let outDir = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.endsWith(".gz")) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        const smaller = gzipSync(bytes, { level: 9 });
        if (smaller.length >= bytes.length) continue;
        writeFileSync(`${path}.gz`, smaller);
        rmSync(path);
      }
    },
  };
}

/** As the server has it: GraphiQL's page has no ".html" in its address. */
function pages(): Plugin {
  return {
    name: "pages",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (request.url?.split("?")[0] === "/graphiql") request.url = request.url.replace("/graphiql", "/graphiql.html");
        next();
      });
    },
  };
}

const SERVER = process.env.PROMOGRAPH_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  // Relative: a proxy may serve the pages below a path of its own.
  base: "./",
  plugins: [pages(), compressed()],
  build: {
    target: "es2022",
    // Monaco alone is larger than the usual limit, and it is loaded from this machine.
    chunkSizeWarningLimit: 4000,
    // A file inlined as a data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["index.html", "graphiql.html"],
      onLog(level, log, forward) {
        // React's "use client" marks mean nothing in a page without a rendering server.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") forward(level, log);
      },
    },
  },
  worker: { format: "es" },
  server: { proxy: { "^/graphql$": { target: SERVER, ws: true }, "/export": { target: SERVER } } },
});
