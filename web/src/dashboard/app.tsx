import { useData } from "../api/use-data";
import { graphql } from "../generated";
import { useSession } from "../session/session";
import { Refusal, TokenBar } from "../session/token-bar";
import { Overview } from "./overview/overview";
import { PromoterPage } from "./promoter/promoter-page";
import { useView } from "./view";

const VIEWER = graphql(`
  query DashboardViewer {
    viewer { role subject seesContactData expiresAt currency promoter { id } }
  }
`);

export function App() {
  const { token, standing } = useSession();
  const { view } = useView();
  const viewer = useData(VIEWER, {}).data?.viewer;
  const promoter = viewer?.promoter?.id ?? view.promoter;
  return (
    <>
      <TokenBar token={token} standing={standing} />
      <Refusal token={token} standing={standing} />
      <main>{viewer && (promoter ? <PromoterPage id={promoter} viewer={viewer} /> : <Overview viewer={viewer} />)}</main>
    </>
  );
}
