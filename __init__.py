"""Beside a clone that is called xk Python takes the clone's folder for the library: it is one folder further down."""

if __name__ == "xk":
    import sys
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    folder = Path(__file__).with_name("xk")
    spec = spec_from_file_location("xk", folder / "__init__.py", submodule_search_locations=[str(folder)])
    sys.modules["xk"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
