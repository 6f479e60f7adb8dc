"""What all tests share, whatever is installed beside pytest."""

from importlib.util import find_spec

if find_spec("hypothesis"):
    from hypothesis import HealthCheck, settings

    # A fixture that holds no state of the example may serve all of them.
    settings.register_profile(
        "wuts",
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    # Looks for what the fixed examples miss: pytest --hypothesis-profile=explore
    settings.register_profile(
        "explore", settings.get_profile("wuts"), derandomize=False, max_examples=2000
    )
    settings.load_profile("wuts")
