"""The arithmetic: frames or arrays in, new ones out; no disk, clock, environment or plot."""
