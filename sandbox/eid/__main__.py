"""`python -m sandbox.eid --folder DIR --port 8713`: run the stand-in e-ID system."""

from pathlib import Path

from sandbox.eid.system import EidSystem
from sandbox.holdings import load_holdings
from sandbox.serving import add_population_arguments, arguments_of, client_keys_of, run


def main() -> None:
    """Run it."""
    parser = arguments_of("eid", "stand-in for the e-ID system", 8713)
    add_population_arguments(parser)
    parser.add_argument(
        "--book-keys", type=Path, help="published keys of book seals (JWKS); default: book-keys.json in the folder's parent"
    )
    options = parser.parse_args()
    holdings = load_holdings(seed=options.seed, citizens=options.citizens, employers=options.employers)
    book_keys = options.book_keys or options.folder.parent / "book-keys.json"
    system = EidSystem(options.folder, holdings=holdings, client_keys=client_keys_of(options), book_keys=book_keys)
    run(system, port=options.port)


if __name__ == "__main__":
    main()
