"""The parts of an import, a few for each kind of thing; `services.importing` and `imports.jobs` are the doors."""
