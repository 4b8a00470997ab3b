/** The campaigns side by side. */
import { useMemo } from "react";
import { graphql } from "../../generated";
import type { CampaignFiguresQuery } from "../../generated/graphql";
import { type Column, DataTable } from "../../ui/data-table";
import { count, majorUnits, money, percent } from "../../ui/format";
import { Panel } from "../../ui/panel";
import { definitionOf, useMeasures } from "../measures";
import type { ReportArguments } from "../report-arguments";

const CAMPAIGN_FIGURES = graphql(`
  query CampaignFigures($period: PerformancePeriod!, $timezone: TimeZone!, $compareTo: PerformanceComparison, $filter: PerformanceFilter) {
    performance(
      period: $period
      timezone: $timezone
      compareTo: $compareTo
      filter: $filter
      by: [CAMPAIGN]
      orderBy: [{ measure: NET_REVENUE, direction: DESC }]
      first: 1000
    ) {
      nodes {
        campaign { id name }
        referrals customers conversionRate revenue earnings netRevenue
        previous { netRevenue }
      }
    }
  }
`);

type Row = NonNullable<CampaignFiguresQuery["performance"]>["nodes"][number];

const rowKey = (row: Row) => row.campaign?.id ?? "";

export function Campaigns({ variables, currency }: { variables: ReportArguments; currency: string | null | undefined }) {
  const measures = useMeasures();
  const { compareTo } = variables;
  const columns = useMemo(() => {
    const all: Column<Row>[] = [
      { key: "campaign", title: "Campaign", width: 2, value: (row) => row.campaign?.name ?? null, render: (row) => row.campaign?.name ?? <span className="quiet">No campaign</span> },
      { key: "referrals", title: "Referrals", isNumeric: true, value: (row) => row.referrals, render: (row) => count(row.referrals) },
      { key: "customers", title: "Customers", isNumeric: true, value: (row) => row.customers, render: (row) => count(row.customers) },
      { key: "conversionRate", title: "Conversion", isNumeric: true, value: (row) => row.conversionRate ?? null, render: (row) => percent(row.conversionRate) },
      { key: "revenue", title: "Revenue", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.revenue, currency), render: (row) => money(row.revenue, currency) },
      { key: "earnings", title: "Earnings", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.earnings, currency), render: (row) => money(row.earnings, currency) },
      { key: "netRevenue", title: "Net revenue", isNumeric: true, width: 1.3, value: (row) => majorUnits(row.netRevenue, currency), render: (row) => money(row.netRevenue, currency) },
    ];
    const defined = all.map((column) => ({ ...column, definition: definitionOf(measures.get(column.key)) }));
    if (!compareTo) return defined;
    const previous: Column<Row> = {
      key: "previous.netRevenue",
      title: "Compared",
      definition: "Net revenue of the compared period.",
      isNumeric: true,
      width: 1.3,
      value: (row) => majorUnits(row.previous?.netRevenue, currency),
      render: (row) => money(row.previous?.netRevenue, currency),
    };
    return [...defined, previous];
  }, [measures, currency, compareTo]);
  return (
    <Panel title="Campaigns" document={CAMPAIGN_FIGURES} variables={variables} height={396}>
      {({ performance }) => (
        <DataTable
          title="Campaigns"
          columns={columns}
          rows={performance?.nodes ?? NO_ROWS}
          rowKey={rowKey}
          initialSorting={BEST_FIRST}
          empty="Nothing in this period."
        />
      )}
    </Panel>
  );
}

const NO_ROWS: Row[] = [];
const BEST_FIRST = { key: "netRevenue", descending: true };
