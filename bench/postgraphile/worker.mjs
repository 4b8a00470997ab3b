// One process of PostGraphile on Promograph's tables: HOST, PORT, DATABASE_URL, JWT_SECRET.

import { createServer } from "node:http";

import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { PgLazyJWTPreset } from "postgraphile/presets/lazy-jwt";
import { pgSmartTags } from "postgraphile/utils";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const { DATABASE_URL, HOST, JWT_SECRET, PORT } = process.env;

// By default columns without an index can neither be filtered nor ordered by.
const smartTags = pgSmartTags([
  { kind: "attribute", match: "promotion.state", tags: { behavior: "filterBy" } },
  { kind: "attribute", match: "promotion.leads_count", tags: { behavior: "filterBy" } },
  { kind: "attribute", match: "promotion.sales_total_sort", tags: { behavior: "orderBy" } },
]);

const preset = {
  extends: [PostGraphileAmberPreset, PgLazyJWTPreset, PostGraphileConnectionFilterPreset],
  plugins: [smartTags],
  pgServices: [makePgService({ connectionString: DATABASE_URL, schemas: ["public"] })],
  grafserv: {
    pgJwtSecret: JWT_SECRET,
    // The tokens are Promograph's, which name no audience.
    pgJwtVerifyOptions: { algorithms: ["HS256"], audience: undefined },
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(Number(PORT), HOST);
