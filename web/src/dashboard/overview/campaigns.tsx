/** The campaigns side by side. */
import { graphql } from "../../generated";
import type { CampaignFiguresQuery } from "../../generated/graphql";
import { type Column, DataTable } from "../../ui/data-table";
import { count, money, percent } from "../../ui/format";
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

export function Campaigns({ variables, currency }: { variables: ReportArguments; currency: string | null | undefined }) {
  const measures = useMeasures();
  const define = (name: string) => definitionOf(measures.get(name));
  const columns: Column<Row>[] = [
    { key: "campaign", title: "Campaign", width: 2, value: (row) => row.campaign?.name ?? null, render: (row) => row.campaign?.name ?? <span className="quiet">No campaign</span> },
    { key: "referrals", title: "Referrals", definition: define("referrals"), isNumeric: true, value: (row) => row.referrals, render: (row) => count(row.referrals) },
    { key: "customers", title: "Customers", definition: define("customers"), isNumeric: true, value: (row) => row.customers, render: (row) => count(row.customers) },
    { key: "conversionRate", title: "Conversion", definition: define("conversionRate"), isNumeric: true, value: (row) => numberOf(row.conversionRate), render: (row) => percent(row.conversionRate) },
    { key: "revenue", title: "Revenue", definition: define("revenue"), isNumeric: true, width: 1.3, value: (row) => row.revenue, render: (row) => money(row.revenue, currency) },
    { key: "earnings", title: "Earnings", definition: define("earnings"), isNumeric: true, width: 1.3, value: (row) => Number(row.earnings), render: (row) => money(row.earnings, currency) },
    { key: "netRevenue", title: "Net revenue", definition: define("netRevenue"), isNumeric: true, width: 1.3, value: (row) => Number(row.netRevenue), render: (row) => money(row.netRevenue, currency) },
  ];
  if (variables.compareTo) {
    columns.push({ key: "previous.netRevenue", title: "Compared", definition: "Net revenue of the compared period.", isNumeric: true, width: 1.3, value: (row) => numberOf(row.previous?.netRevenue), render: (row) => money(row.previous?.netRevenue, currency) });
  }
  return (
    <Panel title="Campaigns" document={CAMPAIGN_FIGURES} variables={variables} height={340}>
      {({ performance }) => (
        <DataTable
          title="Campaigns"
          columns={columns}
          rows={performance?.nodes ?? []}
          rowKey={(row) => row.campaign?.id ?? ""}
          initialSorting={{ key: "netRevenue", descending: true }}
          empty="Nothing in this period."
        />
      )}
    </Panel>
  );
}

function numberOf(value: string | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
