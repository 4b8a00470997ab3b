/** What has become of the period's referrals. */
import { graphql } from "../../generated";
import type { LeadFilter } from "../../generated/graphql";
import { useData } from "../../api/use-data";
import { count, percent } from "../../ui/format";
import { periodDays } from "../../ui/file-name";
import { Panel } from "../../ui/panel";
import type { ReportArguments } from "../report-arguments";
import type { View } from "../view";
import { HEADLINE_FIGURES } from "./headline-figures";

const FUNNEL = graphql(`
  query Funnel($referrals: LeadFilter!, $customers: LeadFilter!, $active: LeadFilter!, $cancelled: LeadFilter!) {
    referrals: leads(filter: $referrals) { totalCount }
    customers: leads(filter: $customers) { totalCount }
    active: leads(filter: $active) { totalCount }
    cancelled: leads(filter: $cancelled) { totalCount }
  }
`);

export function Funnel({ view, variables }: { view: View; variables: ReportArguments }) {
  // Lists know no calendar: the report tells between which instants the period is.
  const report = useData(HEADLINE_FIGURES, variables);
  const period = report.isPlaceholderData ? null : report.data?.performance;
  const { start, end } = period ?? {};
  const referrals: LeadFilter = {
    createdAt: { gte: start, lt: end },
    not: { state: { in: ["MOVED", "DENIED"] } },
    ...(view.campaign && { promotion: { campaignId: { eq: view.campaign } } }),
    ...(view.country && { promoter: { profile: { country: { eq: view.country } } } }),
  };
  const customers: LeadFilter = { ...referrals, customerSince: { isNull: false } };
  const filters = {
    referrals,
    customers,
    active: { ...customers, state: { eq: "ACTIVE" } },
    cancelled: { ...customers, state: { eq: "CANCELLED" } },
  } as const;
  return (
    <Panel
      title="Funnel"
      definition="Of the period's referrals: how many have paid by now, whenever that was. Of these some are active, some cancelled; the rest is in other states, such as refunded. The figure Customers counts first payments in the period instead."
      note="What has become of the period's referrals until now."
      document={FUNNEL}
      variables={filters}
      waitsFor={!start && report}
      days={() => periodDays(period, view.timezone)}
      height={210}
      csv={(data) => ({ header: ["stage", "leads"], rows: STAGES.map(({ name }) => [name, String(data[name]?.totalCount ?? "")]) })}
    >
      {(data) => {
        const all = data.referrals?.totalCount ?? 0;
        const paid = data.customers?.totalCount ?? 0;
        return (
          <ol className="funnel">
            {STAGES.map(({ name, title, of, ofWhat }) => {
              const value = data[name]?.totalCount ?? 0;
              const base = of === "referrals" ? all : paid;
              return (
                <li key={name}>
                  <span className="funnel-title">{title}</span>
                  <span className="funnel-value">{count(value)}</span>
                  <span className="meter" aria-hidden="true"><span style={{ width: `${all ? (100 * value) / all : 0}%` }} data-stage={name} /></span>
                  <span className="quiet">{of ? `${percent(rate(value, base))} of ${ofWhat}` : "All of the period"}</span>
                </li>
              );
            })}
          </ol>
        );
      }}
    </Panel>
  );
}

/** Rounded as the API rounds its rates, so that the funnel and the figures agree. */
function rate(part: number, whole: number): number | null {
  return whole ? Math.round((10_000 * part) / whole) / 10_000 : null;
}

const STAGES = [
  { name: "referrals", title: "Referrals", of: null, ofWhat: "" },
  { name: "customers", title: "Have paid by now", of: "referrals", ofWhat: "referrals" },
  { name: "active", title: "Active now", of: "customers", ofWhat: "those who have paid" },
  { name: "cancelled", title: "Cancelled", of: "customers", ofWhat: "those who have paid" },
] as const;
