"""The staff's pages."""

from __future__ import annotations

import pytest

from haicap.domain.dossiers.tests.factories import received, staffed_commune

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_smoke():
    staff = staffed_commune()
    got = received(staff.counter)
    client = staff.client("counter")
    for address in ("/desk/", "/desk/ho-so/", "/desk/tim/?q=mai", "/desk/tiep-nhan/", "/desk/tiep-nhan/?thu-tuc=1.001193", f"/desk/ho-so/{got.code}/", f"/desk/ho-so/{got.code}/phieu/tiep-nhan/", f"/desk/ho-so/{got.code}/phieu/kiem-soat/"):
        answer = client.get(address)
        print(address, answer.status_code, len(answer.content))
        assert answer.status_code == 200, answer.content.decode()[-3000:]
