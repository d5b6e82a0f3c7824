"""An address at which nobody listens is refused at once, without Ray."""

import socket

import pytest

from simengine.errors import UserError
from simengine.workers.cluster import reachable


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://127.0.0.1:{}", "localhost:{}"])
def test_where_somebody_listens_a_cluster_may_be(form):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = form.format(server.getsockname()[1])
        reachable(address)
    with pytest.raises(UserError, match=f"^RAY_ADDRESS={address}: no Ray cluster answers there: .*refused"):
        reachable(address)


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "[::1]:1"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(UserError, match="no Ray cluster answers there"):
        reachable(address)


@pytest.mark.parametrize("word", ["local", "auto", "", "anyscale://project/cluster"])
def test_what_only_ray_understands_is_left_to_ray(word):
    reachable(word)
