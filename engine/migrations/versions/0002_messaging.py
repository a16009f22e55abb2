"""Tables of messaging."""

revision = "0002_messaging"
down_revision = "0001_ground"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
