"""Input shapes of the registry's pages."""
