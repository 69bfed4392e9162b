from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_initial")]

    operations = [migrations.AddField(model_name="item", name="sealed_key", field=models.BinaryField(null=True))]
