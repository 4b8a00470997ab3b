/** A promoter's links and codes, ready to be passed on. */
import { graphql } from "../../generated";
import { CopyButton } from "../../ui/copy-button";
import { Panel } from "../../ui/panel";
import { StateBadge } from "../../ui/columns";
import { PROMOTION_STATES, stateWord } from "./words";

const LINKS = graphql(`
  query LinksToShare($promoter: ID!) {
    promotions(first: 100, filter: { promoterId: { eq: $promoter } }) {
      nodes {
        id referralLink refId customerPromoCode state stateRaw
        campaign { name }
      }
    }
  }
`);

export function ShareLinks({ promoter }: { promoter: string }) {
  return (
    <Panel title="Your links" note="Share them: whoever comes by them and signs up counts as referred by you." document={LINKS} variables={{ promoter }} height={120}>
      {({ promotions }) =>
        promotions?.nodes.length ? (
          <ul className="share-links">
            {promotions.nodes.map(({ id, referralLink, refId, customerPromoCode, state, stateRaw, campaign }) => (
              <li key={id}>
                <h3>{campaign?.name ?? "Campaign"} {state !== "ACCEPTED" && <StateBadge state={stateWord(PROMOTION_STATES, state, stateRaw)} />}</h3>
                <p className="share-link">
                  <code>{referralLink ?? refId ?? "No link so far"}</code>
                  {(referralLink ?? refId) && <CopyButton className="copy" text={() => referralLink ?? refId ?? ""} label="Copy link" />}
                </p>
                {customerPromoCode && (
                  <p className="share-link">
                    <span>Code <code>{customerPromoCode}</code></span>
                    <CopyButton className="copy" text={() => customerPromoCode} label="Copy code" />
                  </p>
                )}
              </li>
            ))}
          </ul>
        ) : (
          <p className="quiet">You take part in no campaign so far.</p>
        )
      }
    </Panel>
  );
}
