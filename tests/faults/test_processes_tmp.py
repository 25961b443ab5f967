import time, os
from tests.faults.forking import Nursery
import pytest
@pytest.mark.usefixtures("nothing_known")
def test_t(prefect_api, provider, tmp_path, monkeypatch):
    from tests.faults.test_processes_killed import COMMAND, came, wait_for
    with Nursery() as n:
        for k in range(3):
            d=tmp_path/str(k); d.mkdir()
            monkeypatch.setenv("TMPDIR", str(d)); monkeypatch.setenv("PRESSROOM_HOME", str(d/".pressroom"))
            t=time.time(); provider.reset()
            f=n.start(*COMMAND, folder=d)
            out=[]
            for s in ("request 1","answer 1","request 2","answer 9","gate","docs"):
                if s=="answer 9": continue
                wait_for(lambda: came(s,provider,d), f); out.append((s, round(time.time()-t,2)))
            said=f.finished(); out.append(("end", round(time.time()-t,2)))
            j=said.json; print(out, j["seconds"], flush=True)
