"""`python -m steadyrest.cli`: the same as the `steadyrest` command."""

from steadyrest.cli.main import main

main()
