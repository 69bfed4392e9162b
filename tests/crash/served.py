"""The WSGI application under the agent's eyes."""

from bhxh.wiring.wsgi import application as of_the_product
from tests.crash.agent import watched_application

application = watched_application(of_the_product)
