import pytest, time
from haicap.flows.demonstration import officials, staff, training
from haicap.domain.people.models import *
from haicap.domain.people.queries import actor_for, account_named
from haicap.kernel.scope import entered
from haicap.domain.people.queries.training import classes, competence
from haicap.domain.units import queries as units
from haicap.kernel import clock


def test_x(module_database):
    t = time.time()
    staff.establish()
    print("staff", time.time() - t)
    t = time.time()
    officials.fill()
    print("officials", time.time() - t)
    t = time.time()
    import cProfile, pstats

    pr = cProfile.Profile()
    pr.enable()
    training.fill()
    pr.disable()
    print("training", time.time() - t)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(25)
    actor = actor_for(account_named("quantri-14").pk)
    with entered(actor):
        print(classes.totals(classes.Wanted()))
        t = time.time()
        us = list(units.communes_of("14", clock.today()))
        m = competence.matrix(us, competence.topics_of(actor.unit_id, clock.today()), clock.today())
        print(m.total, [(tp.key, c) for tp, c in m.totals], time.time() - t)
    a2 = actor_for(account_named("quantri-03664").pk)
    with entered(a2):
        t = time.time()
        print(classes.totals(classes.Wanted()), time.time() - t)
        t = time.time()
        print(competence.people_behind(a2.unit_ids, clock.today(), state="thieu")[1], time.time() - t)
