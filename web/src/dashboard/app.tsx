import { isSignedOut, useSession } from "../session/session";
import { SessionBar } from "../session/session-bar";
import { SignIn } from "../session/sign-in";
import { useViewer } from "../session/viewer";
import { Overview } from "./overview/overview";
import { PromoterPage } from "./promoter/promoter-page";
import { useView } from "./view";

export function App() {
  const session = useSession();
  const { view } = useView();
  const viewer = useViewer().data?.viewer;
  const promoter = viewer?.promoter?.id ?? view.promoter;
  return (
    <>
      <SessionBar page="Dashboard" />
      <main>
        {isSignedOut(session) ? (
          <SignIn shape="card" />
        ) : (
          viewer && (promoter ? <PromoterPage id={promoter} viewer={viewer} /> : <Overview viewer={viewer} />)
        )}
      </main>
    </>
  );
}
