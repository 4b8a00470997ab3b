/** Who a promoter is: standing in the programme, campaigns, and whom they recruited. */
import { useEffect, useRef } from "react";
import { graphql } from "../../generated";
import type { PromoterHeadQuery } from "../../generated/graphql";
import { count, date } from "../../ui/format";
import { StateBadge } from "../../ui/columns";
import { PromoterLink, promoterName } from "../promoter-link";
import { promoterStatus } from "./words";

export const PROMOTER = graphql(`
  query PromoterHead($id: ID!) {
    promoter(id: $id) {
      id firstPromoterId name email custId status archivedAt deletedAt joinedAt lastLoginAt
      profile { companyName country website }
      promotions(first: 50) { totalCount nodes { state campaign { id name } } }
      parent { id firstPromoterId name email }
      children(first: 20, orderBy: [{ field: JOINED_AT, direction: DESC }]) { totalCount nodes { id firstPromoterId name email } }
    }
  }
`);

export type Promoter = NonNullable<PromoterHeadQuery["promoter"]>;

export function PromoterHead({ promoter, timezone }: { promoter: Promoter; timezone: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The page has changed below a link that is gone: whoever uses the keyboard goes on here.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [promoter.id]);
  const { email, profile, parent, children, promotions } = promoter;
  const name = promoterName(promoter);
  return (
    <div className="page-head">
      <p><PromoterLink id="all">Promoters</PromoterLink></p>
      <h2 tabIndex={-1} ref={heading}>
        {name} <StateBadge state={promoterStatus(promoter)} />
        {promoter.deletedAt && <span className="state bad">Deleted {date(promoter.deletedAt, timezone)}</span>}
      </h2>
      <dl className="facts">
        {email && email !== name && <Fact term="Address">{email}</Fact>}
        <Fact term="ID">{promoter.firstPromoterId}</Fact>
        {promoter.custId && <Fact term="Your ID">{promoter.custId}</Fact>}
        {profile?.companyName && <Fact term="Company">{profile.companyName}</Fact>}
        {profile?.country && <Fact term="Country">{profile.country}</Fact>}
        <Fact term="Joined">{date(promoter.joinedAt, timezone)}</Fact>
        {promoter.lastLoginAt && <Fact term="Last login">{date(promoter.lastLoginAt, timezone)}</Fact>}
        <Fact term={promotions?.totalCount === 1 ? "Campaign" : "Campaigns"}>{promotions?.nodes.map(({ campaign }) => campaign?.name ?? "unknown").join(", ") || "none"}</Fact>
        {parent && <Fact term="Recruited by"><PromoterLink id={parent.id}>{promoterName(parent)}</PromoterLink></Fact>}
        {children && children.totalCount > 0 && (
          <Fact term={`Recruited (${count(children.totalCount)})`}>
            {children.nodes.map((child, index) => (
              <span key={child.id}>{index > 0 && ", "}<PromoterLink id={child.id}>{promoterName(child)}</PromoterLink></span>
            ))}
            {children.totalCount > children.nodes.length && ", …"}
          </Fact>
        )}
      </dl>
    </div>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
