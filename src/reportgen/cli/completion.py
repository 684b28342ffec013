"""`reportgen completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands and options in SHELL.

    \b
    bash: eval "$(reportgen completion bash)"       in ~/.bashrc
    zsh:  eval "$(reportgen completion zsh)"        in ~/.zshrc
    fish: reportgen completion fish | source        in ~/.config/fish/config.fish
    """
    root = context.find_root()
    complete = get_completion_class(shell)
    if complete is None:  # pragma: no cover - the choices are click's own
        raise click.UsageError(f"there is no completion for {shell}")
    click.echo(complete(root.command, {}, "reportgen", "_REPORTGEN_COMPLETE").source())
