/** What the measures mean, in the server's words. */
import { useMemo } from "react";
import { useData } from "../api/use-data";
import { graphql } from "../generated";
import type { MeasuresQuery } from "../generated/graphql";

const MEASURES = graphql(`
  query Measures {
    measures { name description vendorName exactness reason }
  }
`);

export type Measure = MeasuresQuery["measures"][number];

/** The measures by name; empty until they are known. */
export function useMeasures(): ReadonlyMap<string, Measure> {
  const { data } = useData(MEASURES, {});
  return useMemo(() => new Map(data?.measures.map((measure) => [measure.name, measure])), [data]);
}

/** A measure's definition as one text. */
export function definitionOf(measure: Measure | undefined): string | undefined {
  if (!measure) return undefined;
  const vendor = measure.vendorName ? ` In FirstPromoter: ${measure.vendorName}.` : "";
  const reason = measure.reason ? ` Approximate: ${measure.reason}.` : "";
  return `${measure.description.replaceAll("`", "")}${vendor}${reason}`;
}
