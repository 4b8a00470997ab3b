/** The people whom a promoter referred. */
import { useMemo } from "react";
import { usePages } from "../../api/use-pages";
import { graphql } from "../../generated";
import type { PromoterLeadsQuery } from "../../generated/graphql";
import { stateColumn, textColumn, timeColumn } from "../../ui/columns";
import { EventsOf } from "./lineage";
import { ListPanel } from "./list-panel";
import type { TableProps } from "./audience";
import { LEAD_STATES, stateWord } from "./words";

const LEADS = graphql(`
  query PromoterLeads($filter: LeadFilter!, $after: String) {
    leads(first: 200, after: $after, filter: $filter, orderBy: [{ field: CREATED_AT, direction: DESC }]) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        id firstPromoterId email uid state stateRaw planName createdAt customerSince cancelledAt
        promotion { campaign { name } }
      }
    }
  }
`);
type Lead = NonNullable<PromoterLeadsQuery["leads"]>["nodes"][number];

const leadsOf = ({ leads }: PromoterLeadsQuery) => leads;
const details = ({ id }: Lead) => <EventsOf id={id} />;

export function LeadsTable({ promoter, campaign, timezone, audience }: TableProps) {
  const variables = useMemo(() => ({ filter: { promoterId: { eq: promoter }, ...(campaign && { promotion: { campaignId: { eq: campaign } } }) } }), [promoter, campaign]);
  const pages = usePages(LEADS, variables, leadsOf);
  const isOwn = audience === "PROMOTER";
  const columns = useMemo(
    () => [
      textColumn<Lead>({ key: "email", title: "Address", width: 2.4 }, ({ email, firstPromoterId }) => email ?? `#${firstPromoterId}`),
      ...(isOwn ? [] : [textColumn<Lead>({ key: "id", title: "ID", width: 1.2 }, ({ firstPromoterId }) => firstPromoterId)]),
      stateColumn<Lead>({ key: "state", title: "State" }, ({ state, stateRaw }) => stateWord(LEAD_STATES, state, stateRaw)),
      textColumn<Lead>({ key: "campaign", title: "Campaign", width: 1.5 }, ({ promotion }) => promotion?.campaign?.name),
      timeColumn<Lead>({ key: "created", title: isOwn ? "Referred" : "Created" }, timezone, ({ createdAt }) => createdAt),
      timeColumn<Lead>({ key: "customerSince", title: "Customer since", definition: "The first payment", width: 1.3 }, timezone, ({ customerSince }) => customerSince),
      timeColumn<Lead>({ key: "cancelled", title: "Cancelled" }, timezone, ({ cancelledAt }) => cancelledAt),
      textColumn<Lead>({ key: "plan", title: "Plan" }, ({ planName }) => planName),
    ],
    [timezone, isOwn],
  );
  return (
    <ListPanel
      title={isOwn ? "People you referred" : "Leads"}
      note="All of them, whatever the period."
      empty={isOwn ? "Nobody so far. Share your link, and those who sign up by it stand here." : "No leads."}
      pages={pages}
      columns={columns}
      document={LEADS}
      variables={variables}
      isSearchable
      details={audience === "ADMIN" ? details : undefined}
    />
  );
}
