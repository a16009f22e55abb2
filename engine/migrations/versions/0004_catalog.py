"""Tables of catalog."""

revision = "0004_catalog"
down_revision = "0003_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
