"""Tables of ordering."""

revision = "0005_ordering"
down_revision = "0004_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
