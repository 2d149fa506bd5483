"""Extensions that hold nothing until an application is made."""

from __future__ import annotations

from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
migrate = Migrate()
