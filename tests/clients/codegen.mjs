import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";

const config = {
  emitLegacyCommonJSImports: false,
  enumsAsTypes: true,
  strictScalars: true,
  useTypeImports: true,
  scalars: {
    BigInt: { input: "number | string", output: "number" },
    Date: "string",
    DateTime: "string",
    Decimal: { input: "string | number", output: "string" },
    JSON: "unknown",
    TimeZone: "string",
  },
};

/** graphql-codegen with the client preset, as docs/clients.md shows it; and with a manifest of trusted documents. */
export default {
  schema: "../../schema.graphql",
  generates: {
    "typed/generated/": {
      documents: ["typed/*.ts"],
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config,
    },
    "typed/trusted/generated/": {
      documents: ["typed/trusted/*.graphql"],
      documentTransforms: [addTypenameSelectionDocumentTransform],
      preset: "client",
      presetConfig: { persistedDocuments: true },
      config,
    },
  },
};
