"""The command line: `python -m core COMMAND`."""

import gc


def main() -> None:
    # Eight hundred modules are made and nothing of them goes: to look for garbage meanwhile takes a tenth of the start.
    gc.disable()
    from core.cli.commands import main as run

    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
