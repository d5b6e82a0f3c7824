"""When shocks strike and whom; which kinds there are is each world's to say, in its `shocks`."""

from simengine.kernel import Strike
from simengine.shocks.schedule import ShockBlock, block, strike_of
from simengine.worlds.shock import Shock

__all__ = ["Shock", "ShockBlock", "Strike", "block", "strike_of"]
