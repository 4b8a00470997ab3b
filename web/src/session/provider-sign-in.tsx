/** The button that leads to the identity provider, and back with a token. */
import { useEffect, useState } from "react";
import { type IdentityProvider, beginSignIn, finishSignIn, hasAnswer } from "./identity-provider";

export function ProviderSignIn({ provider }: { provider: IdentityProvider }) {
  const [isBusy, setBusy] = useState(hasAnswer);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = (step: Promise<void>) => {
    setBusy(true);
    setProblem(null);
    step.catch((error: Error) => setProblem(error.message)).finally(() => setBusy(false));
  };
  useEffect(() => {
    if (hasAnswer()) attempt(finishSignIn(provider));
  }, [provider]);
  return (
    <div className="provider">
      <button type="button" className="button primary" disabled={isBusy} onClick={() => attempt(beginSignIn(provider))}>
        {isBusy ? "Signing in…" : `Sign in with ${new URL(provider.issuer).host}`}
      </button>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
