/** What the compiler must refuse: each line is an error, or `tsc` fails. */
import type { ResultOf, VariablesOf } from "@graphql-typed-document-node/core";
import type { leadsPage, promoterPage } from "./documents.js";

type Promoter = NonNullable<ResultOf<typeof promoterPage>["promoter"]>;
type Lead = NonNullable<ResultOf<typeof leadsPage>["leads"]>["edges"][number]["node"];

export const number: Promoter["firstPromoterId"] = 5;
export const state: Lead["state"] = "ACTIVE";
// @ts-expect-error: an id is required
export const noId: VariablesOf<typeof promoterPage> = { commissions: 3 };
// @ts-expect-error: the query does not ask for the note
export type Note = Promoter["note"];
// @ts-expect-error: no such state
export const unheardOf: Lead["state"] = "UNHEARD_OF";
// @ts-expect-error: an id is never null
export const nullId: Lead["id"] = null;
// @ts-expect-error: times are text
export const time: Lead["createdAt"] = new Date();
