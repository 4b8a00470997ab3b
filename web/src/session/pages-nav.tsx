/** The way to the other pages, with the period, zone and filters that are shown or were last. */
import { lastView, searchOf, useView, type View } from "../dashboard/view";
import { ViewLink } from "../dashboard/view-link";
import { useViewer } from "./viewer";

export type Page = "Dashboard" | "GraphiQL";

export function PagesNav({ page }: { page: Page }) {
  const role = useViewer().data?.viewer.role;
  const { view } = useView();
  const isStaff = role === "ADMIN" || role === "ANALYST";
  const isList = page === "Dashboard" && isStaff && view.promoter !== null;
  return (
    <nav aria-label="Pages">
      <DashboardLink page={page} name="Dashboard" change={{ promoter: null }} isCurrent={page === "Dashboard" && !isList} />
      {isStaff && <DashboardLink page={page} name="Promoters" change={{ promoter: "all" }} isCurrent={isList} />}
      <a href="graphiql" aria-current={page === "GraphiQL" ? "page" : undefined}>GraphiQL</a>
    </nav>
  );
}

/** On the dashboard itself the page is not loaded anew. */
function DashboardLink({ page, name, change, isCurrent }: { page: Page; name: string; change: Partial<View>; isCurrent: boolean }) {
  const current = isCurrent ? "page" : undefined;
  if (page === "Dashboard") return <ViewLink change={change} aria-current={current}>{name}</ViewLink>;
  return <a href={`./${searchOf({ ...lastView(), ...change })}`} aria-current={current}>{name}</a>;
}
