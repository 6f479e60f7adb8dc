"""Whatever a gateway does, once it behaves all is well soon. See scripts/soak for more seeds."""

import pytest

from tests.core.wuts.supervisor.siege import besiege
from wuts_simulator import Mischief

# Nobody looks at a refused device for long, unless a person asks; in every second siege one does.
UNASKED = [kind for kind in Mischief if kind is not Mischief.DEVICE_REFUSED]


@pytest.mark.parametrize("seed", range(16))
async def test_whatever_a_gateway_does_all_is_well_once_it_behaves(seed: int) -> None:
    outcome = await besiege(seed, kinds=tuple(Mischief) if seed % 2 else UNASKED)
    assert outcome.struck
