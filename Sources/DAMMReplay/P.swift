import DAMMModel
