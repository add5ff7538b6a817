from importlib.util import module_from_spec, spec_from_file_location

from odoo.tools.misc import file_path


def run_migration(env, script, version, module="ar_collections"):
    """Run a script of the folder of migrations on the rows of a test.

    :param str script: for instance ``19.0.1.4.0/post-links.py``
    :param str version: the version before; None: the add-on is installed, not upgraded
    :param str module: the add-on whose script it is
    """
    specification = spec_from_file_location("migration", file_path(f"{module}/migrations/{script}"))
    loaded = module_from_spec(specification)
    specification.loader.exec_module(loaded)
    env.flush_all()
    loaded.migrate(env.cr, version)
    env.invalidate_all()
