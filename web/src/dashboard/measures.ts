/** What the measures mean: the server's words, as readers of the page need them. */
import { useMemo } from "react";
import { useData } from "../api/use-data";
import { graphql } from "../generated";
import type { MeasuresQuery } from "../generated/graphql";
import { useViewer } from "../session/viewer";
import type { Column } from "../ui/data-table";

const MEASURES = graphql(`
  query Measures {
    measures { name description vendorName exactness reason }
  }
`);

export interface Measure {
  definition: string | undefined;
  isApproximate: boolean;
}

export interface Measures {
  get: (name: string) => Measure;
  /** Nothing tells which figures are approximate. */
  isUnknown: boolean;
}

const LOADING: Measure = { definition: undefined, isApproximate: false };
const UNKNOWN: Measure = { definition: "The definitions could not be loaded. The figure may be approximate.", isApproximate: false };

export function useMeasures(): Measures {
  const { data, error } = useData(MEASURES, {});
  const isOfStaff = useViewer().data?.viewer.role !== "PROMOTER";
  const isUnknown = Boolean(error && !data);
  return useMemo(() => {
    const byName = new Map(data?.measures.map((measure) => [measure.name, { definition: inWords(measure, isOfStaff), isApproximate: measure.exactness === "APPROXIMATE" }]));
    return { get: (name) => byName.get(name) ?? (isUnknown ? UNKNOWN : LOADING), isUnknown };
  }, [data, isOfStaff, isUnknown]);
}

/** The page shows names as words, and money in major units; FirstPromoter's names are for those who know its reports. */
function inWords({ description, vendorName, reason }: MeasuresQuery["measures"][number], isOfStaff: boolean): string {
  const words = description
    .replace(/,? (in|of) minor units/g, "")
    .replace(/`(\w+)`/g, (_, name: string, at: number) => (at ? nameInWords(name) : capital(nameInWords(name))));
  return [words, vendorName && isOfStaff && `In FirstPromoter: ${vendorName}.`, reason && `Approximate: ${reason}.`].filter(Boolean).join(" ");
}

/** `grossSales`: gross sales. */
function nameInWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The heading of a measure's column. */
export function headingOf(measures: Measures, key: string, title: string, width?: number): Pick<Column<never>, "key" | "title" | "width" | "definition" | "isApproximate"> {
  return { key, title, width, ...measures.get(key) };
}
