import typed from "./codegen.mjs";

const [{ config }] = Object.values(typed.generates);

/** The types of the dashboard's documents, as text, so that the page needs no GraphQL library. Committed: building the page needs no codegen. */
export default {
  schema: typed.schema,
  documents: ["../../web/src/**/*.{ts,tsx}", "!../../web/src/generated/**", "!../../web/src/graphiql/**"],
  generates: {
    "../../web/src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: { ...config, avoidOptionals: { field: true }, documentMode: "string", onlyOperationTypes: true },
    },
  },
};
