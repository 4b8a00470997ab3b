import "graphiql/setup-workers/vite";
// GraphiQL's own style sheet without its 400 kB of web fonts: the system's fonts do.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "../ui/theme.css";
import "./style.css";
import "./bench.css";
import "./panels.css";
import "./narrow.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { queryClient } from "../api/use-data";
import { App } from "./app";

// Where GraphiQL keeps how editor and answer share the width: at first the answer gets more.
if (localStorage.getItem("graphiql:editorFlex") === null) localStorage.setItem("graphiql:editorFlex", "0.7");

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>,
  );
}
