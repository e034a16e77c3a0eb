import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface FailureProps {
  readonly text: string;
  readonly onTryAgain?: () => void;
}

/** That something could not be done, said at once to a screen reader too. */
export function Failure({ text, onTryAgain }: FailureProps) {
  return (
    <div class="failed" role="alert">
      <Icon name="error" />
      <span>{text}</span>
      {onTryAgain ? <Button onClick={onTryAgain}>Try Again</Button> : null}
    </div>
  );
}
