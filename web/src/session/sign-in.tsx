/** Shown while nobody is signed in: why, the box for a token, and where to get one. */
import { type FormEvent, useEffect, useState } from "react";
import { CopyButton } from "../ui/copy-button";
import { PROVIDER } from "./identity-provider";
import { ProviderSignIn } from "./provider-sign-in";
import { type Session, setToken, useSession } from "./session";
import "./session.css";
import { looksComplete } from "./token";

/** The server tells who sits at its machine the command with all paths; to others they are no business. */
const COMMAND =
  document.querySelector<HTMLMetaElement>('meta[name="promograph-token-command"]')?.content ??
  "promograph token issue --role analyst";

/** The id of the words that say why a token does not count. */
const PROBLEM = "sign-in-problem";
/** How long after a key a token that looks complete is taken. */
const TYPING_MS = 400;

/** As a card of its own, or as a band above what a page shows meanwhile. */
export function SignIn({ shape }: { shape: "card" | "band" }) {
  const session = useSession();
  const problem = problemOf(session);
  return (
    <section className={`sign-in ${shape}`} aria-labelledby="sign-in">
      <h2 id="sign-in">Sign in</h2>
      {problem && (
        <p id={PROBLEM} className="problem" role="alert">
          {problem}
        </p>
      )}
      {PROVIDER && <ProviderSignIn provider={PROVIDER} />}
      <TokenForm
        isRefused={problem !== null}
        isChecking={session.standing.kind === "checking"}
        // In the band it would take the keys of somebody who is at work below.
        isFirst={shape === "card" && !PROVIDER}
      />
      <div className="sign-in-help">
        <p>No token yet? Issue one where the server runs:</p>
        <Command />
      </div>
    </section>
  );
}

/** Why the page asks for a token although it was given one. */
function problemOf({ token, standing }: Session): string | null {
  if (standing.kind !== "refused") return null;
  if (standing.code === "BAD_TOKEN") return standing.message;
  if (!token) return null;
  switch (standing.reason) {
    case "expired":
      return "Your token has expired. Sign in again.";
    case "revoked":
      return "Your token was revoked. Sign in with another one.";
    default:
      return "The server does not accept this token.";
  }
}

function TokenForm({ isRefused, isChecking, isFirst }: { isRefused: boolean; isChecking: boolean; isFirst: boolean }) {
  const [draft, setDraft] = useState("");
  const [isTyped, setTyped] = useState(false);
  const [shown, setShown] = useState(false);
  // A typed token counts once it looks complete and no key follows.
  useEffect(() => {
    if (!isTyped || !looksComplete(draft)) return;
    const timer = setTimeout(() => setToken(draft), TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, isTyped]);
  const take = (text: string, typed: boolean) => {
    setDraft(text);
    setTyped(typed);
    // What was pasted, dropped or filled in is complete: there is nothing to wait for.
    if (!typed && text) setToken(text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take(draft, false);
  };
  return (
    <form className="token" onSubmit={submit}>
      <label htmlFor="token">Token</label>
      <div className="token-box">
        <input
          id="token"
          type={shown ? "text" : "password"}
          value={draft}
          placeholder="Paste a token"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus={isFirst}
          required
          aria-invalid={isRefused && draft !== ""}
          aria-describedby={isRefused ? PROBLEM : undefined}
          onChange={({ target, nativeEvent }) => take(target.value, isTyping(nativeEvent))}
          // Before the browser joins its lines to one.
          onPaste={(event) => {
            event.preventDefault();
            take(event.clipboardData.getData("text"), false);
          }}
        />
        <button type="button" className="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {shown ? "Hide" : "Show"}
        </button>
        <button type="submit" className={PROVIDER ? "button" : "button primary"} disabled={isChecking}>
          {isChecking ? "Signing in…" : "Sign in"}
        </button>
      </div>
    </form>
  );
}

/** Keys and dictation; not pasting, dropping, and what browsers and password managers fill in. */
function isTyping(event: Event): boolean {
  return event instanceof InputEvent && /^(insertText|insertCompositionText|delete|history)/.test(event.inputType);
}

function Command() {
  return (
    <p className="command">
      <code>{COMMAND}</code>
      <CopyButton className="button" label="Copy" description="Copy the command" text={() => COMMAND} />
    </p>
  );
}
