/** graphql-codegen with the client preset, as the README shows it. */
export default {
  schema: "../../schema.graphql",
  documents: ["typed/*.ts"],
  generates: {
    "typed/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        emitLegacyCommonJSImports: false,
        enumsAsTypes: true,
        strictScalars: true,
        useTypeImports: true,
        scalars: {
          BigInt: { input: "number | string", output: "number" },
          DateTime: "string",
          Decimal: { input: "string | number", output: "string" },
          JSON: "unknown",
        },
      },
    },
  },
};
